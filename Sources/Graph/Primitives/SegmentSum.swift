import Tensors

/// Adds up rows that carry the same index: `result[i] = Σ operand[k]` over `k` with `index[k] = i`.
///
/// Rows are added in order of `k`, so the sum is the same bits every time.
struct SegmentSum: Primitive {
  var axis = 0
  var count: Extent

  func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try require(
      operands.count == 2 && operands[0].elements == .real
        && operands[0].shape.extents.indices.contains(axis)
        && operands[1] == .index([operands[0].shape[axis]]),
      "needs a real operand with an axis \(axis) and an index for each of its rows")
    return operands[0].with(operands[0].shape.replacing(axis, with: count))
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func evaluate<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, into result: Destination<Scalar>
  ) {
    segmentSum(
      operands[0], AxisView(operands.shape(0), axis: axis), segments: operands.indices(1),
      count: result.shape[axis], into: result.base)
  }

  func summedOperands(_ operands: [TensorType], result: TensorType) -> [Bool]? {
    axis == 0 ? [true, true] : nil
  }

  func add<Scalar: RealScalar>(_ operands: Operands<Scalar>, to result: Destination<Scalar>) {
    let (rows, shape) = (operands.shape(0), result.shape)
    addSegments(
      operands[0], rows: rows[0], segments: operands.indices(1), count: shape[0],
      to: result.base, width: rows.count(1..<rows.rank))
  }

  func changedRows<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, of result: ResolvedShape
  ) -> Range<Int> {
    let index = operands.indices(1)
    var (least, most) = (Int32.max, Int32(-1))
    for row in 0..<operands.shape(1)[0] {
      least = min(least, index[row])
      most = max(most, index[row])
    }
    return most < 0 ? 0..<0 : Int(least)..<Int(most) + 1
  }

  func operandBounds(_ operands: [TensorType]) -> [Extent?] { [nil, count] }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    [Gather(axis: axis)(cotangent, operands[1]), nil]
  }

  func batched(_ operands: [Symbol], isBatched: [Bool], slices: Extent) -> Symbol {
    ensure(!isBatched[1], "segmentSum: indices must be the same for every slice")
    return SegmentSum(axis: axis + 1, count: count)(operands[0], operands[1])
  }

  /// Rows that are summed stay segmented if all rows of a target belong to one slice; otherwise each
  /// pair of slice and target gets a sum of its own.
  func segmented(_ operands: [Batched], slices: Extent) -> Batched? {
    guard let rows = operands[0].segmented, let index = operands[1].shared else { return nil }
    if rows.axis != axis { return rows.with(self(rows.value, index)) }
    if let segments = rows.segments(summedBy: index, count: count, slices: slices) {
      return rows.with(self(rows.value, index), segments: segments)
    }
    let pairs = SegmentSum(axis: axis, count: slices * count)(
      rows.value, FlattenedIndex(count: count)(rows.segments, index))
    let shape = rows.value.shape.replacing(axis, with: count).inserting(slices, at: axis)
    return .perSlice(pairs.reshaped(shape).moving(axis: axis, to: 0))
  }
}

extension Symbol {
  /// Returns sums of rows along `axis` that carry the same index below `count`.
  public func segmentSum(by index: Symbol, count: Extent, axis: Int = 0) -> Symbol {
    SegmentSum(axis: axis, count: count)(self, index)
  }
}
