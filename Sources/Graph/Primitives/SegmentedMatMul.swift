import Tensors

/// A matrix product for each segment of rows: `result[s] = Σ a[r] ⊗ b[r] + …` over `r` with
/// `segment[r] = s`, of shape [count, columns of a, columns of b], for one pair (a, b) or more.
///
/// A contraction over rows becomes this when the rows belong to different samples: the
/// samples' rows of a Jacobian. The operands are the pairs and then the index.
struct SegmentedMatMul: Primitive {
  var count: Extent

  func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    let matrices = operands.dropLast()
    try require(
      matrices.count >= 2 && matrices.count % 2 == 0
        && matrices.allSatisfy {
          $0.elements == .real && $0.shape.rank == 2 && $0.shape[0] == operands[0].shape[0]
        }
        && operands.last == .index([operands[0].shape[0]]),
      "needs pairs of real matrices and an index with the same rows")
    let columns = (operands[0].shape[1], operands[1].shape[1])
    try require(
      stride(from: 0, to: matrices.count, by: 2).allSatisfy {
        operands[$0].shape[1] == columns.0 && operands[$0 + 1].shape[1] == columns.1
      },
      "needs pairs of matrices with the same columns")
    return .real([count, columns.0, columns.1])
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func evaluate<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, into result: Destination<Scalar>
  ) {
    let pairs = operands.count / 2
    withUnsafeTemporaryAllocation(
      of: (UnsafePointer<Scalar>, UnsafePointer<Scalar>).self, capacity: pairs
    ) {
      for pair in 0..<pairs {
        $0.initializeElement(at: pair, to: (operands[2 * pair], operands[2 * pair + 1]))
      }
      segmentedProduct(
        UnsafeBufferPointer($0), result.shape[1], result.shape[2],
        segments: operands.indices(2 * pairs), rows: operands.shape(0)[0], into: result.base,
        count: result.shape[0])
    }
  }

  func operandBounds(_ operands: [TensorType]) -> [Extent?] {
    operands.dropLast().map { _ in nil } + [count]
  }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    let perRow = cotangent.gathered(by: operands[operands.count - 1])
    let matrices = operands.indices.dropLast()
    return matrices.map { place in
      let isLeft = place % 2 == 0
      let other = operands[isLeft ? place + 1 : place - 1]
      let product = MatMul(transposeB: isLeft)(other.inserting(axis: 1), perRow)
      return product.reshaped([product.shape[0], product.shape[2]])
    } + [nil]
  }

  /// Written out as sums of outer products; only derivatives of Jacobians come here.
  func batched(_ operands: [Symbol], isBatched: [Bool], slices: Extent) -> Symbol {
    let index = operands[operands.count - 1]
    let sums = stride(from: 0, to: operands.count - 1, by: 2).map { place in
      let (a, b) = (operands[place], operands[place + 1])
      let columns = [a.shape[a.rank - 1], b.shape[b.rank - 1]]
      let shape = Shape([slices, index.shape[0]] + columns)
      let outer =
        a.broadcast(to: shape, axes: isBatched[place] ? [0, 1, 2] : [1, 2])
        * b.broadcast(to: shape, axes: isBatched[place + 1] ? [0, 1, 3] : [1, 3])
      return outer.segmentSum(by: index, count: count, axis: 1)
    }
    return sums.dropFirst().reduce(sums[0], +)
  }

  /// Rows that are contracted keep together as those of `SegmentSum` do, if a factor of each pair is
  /// zero in foreign slices.
  func segmented(_ operands: [Batched], slices: Extent) -> Batched? {
    let matrices = operands.dropLast()
    let rows = matrices.compactMap(\.segmented)
    let values = matrices.compactMap { $0.segmented?.value ?? $0.shared }
    guard let index = operands[matrices.count].shared, values.count == matrices.count,
      rows.allSatisfy({ $0.axis == 0 && $0.hasSameSegments(as: rows[0]) }),
      stride(from: 0, to: matrices.count, by: 2).allSatisfy({
        matrices[$0].segmented != nil || matrices[$0 + 1].segmented != nil
      })
    else { return nil }
    if let segments = rows[0].segments(summedBy: index, count: count, slices: slices) {
      return rows[0].with(applied(to: values + [index]), segments: segments)
    }
    let pairs = SegmentedMatMul(count: slices * count).applied(
      to: values + [FlattenedIndex(count: count)(rows[0].segments, index)])
    return .perSlice(pairs.reshaped([slices, count, pairs.shape[1], pairs.shape[2]]))
  }
}

extension Symbol {
  /// Returns a product for each segment of rows: `Σ a[r] ⊗ b[r]` over the rows that carry the same
  /// index below `count`, of shape [count, columns of a, columns of b].
  public func segmentedMatMul(_ other: Symbol, by index: Symbol, count: Extent) -> Symbol {
    SegmentedMatMul(count: count)(self, other, index)
  }
}
