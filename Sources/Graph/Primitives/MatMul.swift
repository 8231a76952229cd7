import Tensors

/// The most elements of a product that several threads have sums of.
private let largestSummedProduct = 16_384

/// The matrix product of the last two axes: `C = op(A) op(B)`, where `op` transposes if told so.
///
/// Leading axes are a batch; they agree, or one operand is a plain matrix shared by the batch.
struct MatMul: Primitive {
  var transposeA = false
  var transposeB = false

  func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try require(
      operands.count == 2
        && operands.allSatisfy { $0.elements == .real && $0.shape.rank >= 2 },
      "needs two real operands of at least two axes")
    let (a, b) = (operands[0].shape, operands[1].shape)
    let (batchA, batchB) = (a.extents.dropLast(2), b.extents.dropLast(2))
    try require(
      batchA == batchB || batchA.isEmpty || batchB.isEmpty,
      "needs the same leading axes, or none in one operand")
    let inner = a[a.rank - (transposeA ? 2 : 1)]
    try require(
      inner == b[b.rank - (transposeB ? 1 : 2)],
      "\(transposeA ? "Aᵀ" : "A")·\(transposeB ? "Bᵀ" : "B") needs equal inner extents")
    let outer = [a[a.rank - (transposeA ? 1 : 2)], b[b.rank - (transposeB ? 2 : 1)]]
    return .real(Shape((batchA.isEmpty ? batchB : batchA) + outer))
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func evaluate<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, into result: Destination<Scalar>
  ) {
    let (a, b, c) = (operands.shape(0), operands.shape(1), result.shape)
    let inner = a[a.rank - (transposeA ? 2 : 1)]
    let (rows, columns) = (c[c.rank - 2], c[c.rank - 1])
    let batch = c.count(0..<c.rank - 2)
    if b.rank > 2 || transposeA {
      if a.rank > 2, b.rank > 2, rows * columns * inner <= largestBatchedProduct {
        return batchedProduct(
          operands[0], transposed: transposeA, operands[1], transposed: transposeB,
          into: result.base, batch: batch, rows: rows, columns: columns, inner: inner)
      }
      let (stepA, stepB) = (a.rank > 2 ? rows * inner : 0, b.rank > 2 ? inner * columns : 0)
      for slice in 0..<batch {
        Scalar.multiply(
          operands[0] + slice * stepA, transposed: transposeA, leading: transposeA ? rows : inner,
          operands[1] + slice * stepB, transposed: transposeB,
          leading: transposeB ? inner : columns,
          into: result.base + slice * rows * columns, leading: columns,
          rows: rows, columns: columns, inner: inner, alpha: 1, beta: 0)
      }
      return
    }
    // A plain matrix on the right: the batch's rows are the rows of one product, cut into chunks
    // whose size does not depend on the number of threads.
    let all = a.rank > 2 ? batch * rows : rows
    let chunk = max(64, 400_000 / max(1, inner * columns))
    if max(inner, columns) <= largestRowProductExtent {
      // Read by all threads.
      nonisolated(unsafe) let matrix = RowProduct(
        operands[1], leading: transposeB ? inner : columns, transposed: transposeB,
        inner: inner, columns: columns, scratch: operands.scratch)
      operands.workers.forEach((all + chunk - 1) / chunk) {
        let first = $0 * chunk
        matrix.multiply(
          operands[0] + first * inner, leading: inner, plus: nil,
          into: result.base + first * columns, leading: columns, rows: min(chunk, all - first))
      }
    } else {
      operands.workers.forEach((all + chunk - 1) / chunk) {
        let first = $0 * chunk
        Scalar.multiply(
          operands[0] + first * inner, transposed: false, leading: inner,
          operands[1], transposed: transposeB, leading: transposeB ? inner : columns,
          into: result.base + first * columns, leading: columns,
          rows: min(chunk, all - first), columns: columns, inner: inner, alpha: 1, beta: 0)
      }
    }
  }

  func scratchCount(_ shapes: [ResolvedShape], result: ResolvedShape, workers: Workers) -> Int {
    let inner = shapes[0][shapes[0].rank - (transposeA ? 2 : 1)]
    let columns = result[result.rank - 1]
    if shapes[1].rank > 2 || transposeA || max(inner, columns) > largestRowProductExtent {
      return 0
    }
    return rowProductScratch(inner: inner, columns: columns)
  }

  /// The left matrix, whose rows stay apart as they are multiplied with the right one; of a batch the
  /// operands that have its axes.
  func rowOperands(_ operands: [TensorType], result: TensorType) -> [Bool]? {
    let isBatch = operands.map { $0.shape.rank > 2 }
    if isBatch.contains(true) { return isBatch }
    return transposeA ? nil : [true, false]
  }

  /// Both, if their leading axes are a batch; the left one, if the right one is shared by all rows and
  /// small enough to stay in the cache.
  func blockOperands(_ operands: [TensorType], result: TensorType) -> [Bool]? {
    if operands.allSatisfy({ $0.shape.rank > 2 }) { return [true, true] }
    guard !transposeA, operands[1].shape.rank == 2,
      operands[1].shape.extents.allSatisfy({
        $0.constant.map { $0 <= largestRowProductExtent } ?? false
      })
    else { return nil }
    return [true, false]
  }

  /// Both of a product `AᵀB`, if it is small.
  func summedOperands(_ operands: [TensorType], result: TensorType) -> [Bool]? {
    guard transposeA, !transposeB, operands.allSatisfy({ $0.shape.rank == 2 }),
      let count = result.shape.count.constant, count <= largestSummedProduct
    else { return nil }
    return [true, true]
  }

  func add<Scalar: RealScalar>(_ operands: Operands<Scalar>, to result: Destination<Scalar>) {
    let (rows, columns) = (result.shape[0], result.shape[1])
    Scalar.multiply(
      operands[0], transposed: true, leading: rows, operands[1], transposed: false,
      leading: columns, into: result.base, leading: columns, rows: rows, columns: columns,
      inner: operands.shape(0)[0], alpha: 1, beta: 1)
  }

  /// Low for products of a column and a row, one multiplication for each element.
  func rowCost(_ operands: [TensorType], result: TensorType) -> RowCost {
    let shape = operands[0].shape
    return shape[shape.rank - (transposeA ? 2 : 1)] == 1 ? .low : .high
  }

  var sharesWork: Bool { !transposeA }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    let (a, b) = (operands[0], operands[1])
    let first =
      transposeA
      ? MatMul(transposeA: transposeB, transposeB: true)(b, cotangent)
      : MatMul(transposeB: !transposeB)(cotangent, b)
    let second: Symbol
    if b.rank == 2 && a.rank > 2 && !transposeA {
      let rows = MatMul.flattenedRows(a)
      let cotangents = MatMul.flattenedRows(cotangent)
      second =
        transposeB
        ? MatMul(transposeA: true)(cotangents, rows) : MatMul(transposeA: true)(rows, cotangents)
    } else {
      second =
        transposeB
        ? MatMul(transposeA: true, transposeB: transposeA)(cotangent, a)
        : MatMul(transposeA: !transposeA)(a, cotangent)
    }
    return [first.summedOverBatch(to: a.shape), second.summedOverBatch(to: b.shape)]
  }

  /// The rows of all matrices of a batch under each other.
  private static func flattenedRows(_ symbol: Symbol) -> Symbol {
    let extents = symbol.shape.extents
    return symbol.reshaped([Shape(extents.dropLast()).count, extents[extents.count - 1]])
  }

  func batched(_ operands: [Symbol], isBatched: [Bool], slices: Extent) -> Symbol {
    let ranks = zip(operands, isBatched).map { $1 ? $0.rank - 1 : $0.rank }
    let isShared = zip(ranks, isBatched).map { $0 == 2 && !$1 }
    if ranks[0] == ranks[1] || isShared.contains(true) {
      let needsSlices = zip(ranks, isBatched).map { $0 > 2 && !$1 }
      return applied(
        to: zip(operands, needsSlices).map { $1 ? $0.repeated(slices) : $0 })
    }
    // A matrix that was shared by a batch has slices now: it is repeated over the batch.
    let full = operands.indices.max { ranks[$0] < ranks[$1] }!
    let extents = operands[full].shape.extents.dropFirst(isBatched[full] ? 1 : 0).dropLast(2)
    return applied(
      to: operands.indices.map { index in
        let operand = isBatched[index] ? operands[index] : operands[index].repeated(slices)
        if index == full { return operand }
        let shape = Shape([slices] + extents + operand.shape.extents.suffix(2))
        return operand.broadcast(to: shape, axes: [0, shape.rank - 2, shape.rank - 1])
      })
  }

  /// Rows that are not contracted stay rows; a contraction of matrices over rows falls apart into a
  /// product for each slice.
  func segmented(_ operands: [Batched], slices: Extent) -> Batched? {
    let values = operands.map { $0.segmented?.value ?? $0.shared }
    guard let a = values[0], let b = values[1] else { return nil }
    let contracted = (a.rank - (transposeA ? 2 : 1), b.rank - (transposeB ? 1 : 2))
    let rank = max(a.rank, b.rank)
    switch (operands[0].segmented, operands[1].segmented) {
    case (let rows?, nil) where rows.axis != contracted.0:
      return rows.with(self(a, b), axis: rows.axis < a.rank - 2 ? rows.axis : rank - 2)
    case (nil, let rows?) where rows.axis != contracted.1:
      return rows.with(self(a, b), axis: rows.axis < b.rank - 2 ? rows.axis : rank - 1)
    case (let first?, let second?)
    where first.axis == second.axis && first.axis < min(a.rank, b.rank) - 2:
      return first.hasSameSegments(as: second) ? first.with(self(a, b)) : nil
    case (let first, let second):
      guard a.rank == 2, b.rank == 2, let rows = first ?? second,
        first.map({ $0.axis == contracted.0 }) ?? true,
        second.map({ $0.axis == contracted.1 && $0.hasSameSegments(as: rows) }) ?? true
      else { return nil }
      return .perSlice(
        SegmentedMatMul(count: slices)(
          transposeA ? a : a.transposed(), transposeB ? b.transposed() : b, rows.segments))
    }
  }
}

extension Symbol {
  /// Returns the matrix product of the last two axes, each operand transposed if told so.
  public func matmul(
    _ other: Symbol, transposed: Bool = false, otherTransposed: Bool = false
  ) -> Symbol {
    MatMul(transposeA: transposed, transposeB: otherTransposed)(self, other)
  }

  /// The sum over leading axes that the shape does not have.
  fileprivate func summedOverBatch(to shape: Shape) -> Symbol {
    sum(along: Array(0..<rank - shape.rank))
  }
}
