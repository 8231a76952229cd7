import Tensors

/// The sums of all rows up to each one along an axis: `result[k] = Σ operand[i]` over `i ≤ k`, or
/// over `i ≥ k` if reversed.
struct CumulativeSum: Primitive {
  var axis: Int
  var isReversed = false

  func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try requireReal(operands, withAxis: axis)
    return operands[0]
  }

  func evaluate<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, into result: Destination<Scalar>
  ) {
    cumulativeSum(
      operands[0], AxisView(result.shape, axis: axis), reversed: isReversed, into: result.base)
  }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    [CumulativeSum(axis: axis, isReversed: !isReversed)(cotangent)]
  }

  func batched(_ operands: [Symbol], isBatched: [Bool], slices: Extent) -> Symbol {
    CumulativeSum(axis: axis + 1, isReversed: isReversed)(operands[0])
  }

  func segmented(_ operands: [Batched], slices: Extent) -> Batched? {
    guard let rows = operands[0].segmented, rows.axis != axis else { return nil }
    return rows.with(self(rows.value))
  }
}

extension Symbol {
  /// Returns the sums of all elements up to each one along an axis; an element leaves itself out if
  /// they are exclusive, and sums start at the last element if they are reversed.
  public func cumulativeSum(
    along axis: Int, isExclusive: Bool = false, isReversed: Bool = false
  ) -> Symbol {
    let sums = CumulativeSum(axis: axis, isReversed: isReversed)(self)
    guard isExclusive else { return sums }
    // The sums moved on by one row, with a row of zeros in front.
    return sums.padded(from: isReversed ? 0 : 1, total: shape[axis] + 1, axis: axis)
      .slice(isReversed ? 1 : 0, count: shape[axis], axis: axis)
  }
}
