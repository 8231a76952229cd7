import Tensors

/// The largest element along one axis, which disappears; -∞ if the axis is empty, NaN if any is NaN.
///
/// Elements that share the maximum share its derivative equally.
struct MaximumAlong: Primitive {
  var axis: Int

  func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try requireReal(operands, withAxis: axis)
    return operands[0].with(operands[0].shape.removing([axis]))
  }

  func evaluate<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, into result: Destination<Scalar>
  ) {
    maximumAlongAxis(operands[0], AxisView(operands.shape(0), axis: axis), into: result.base)
  }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    let shape = operands[0].shape
    let others = shape.extents.indices.filter { $0 != axis }
    let isLargest = operands[0].isEqual(to: result.broadcast(to: shape, axes: others))
    let share = (cotangent / isLargest.sum(along: axis)).broadcast(to: shape, axes: others)
    return [isLargest.select(share, .fill(0, shape))]
  }

  func batched(_ operands: [Symbol], isBatched: [Bool], slices: Extent) -> Symbol {
    MaximumAlong(axis: axis + 1)(operands[0])
  }

  /// Rows stay apart under a maximum over another axis that is known not to be empty.
  func segmented(_ operands: [Batched], slices: Extent) -> Batched? {
    guard let rows = operands[0].segmented, rows.axis != axis,
      let extent = rows.value.shape[axis].constant, extent > 0
    else { return nil }
    return rows.with(self(rows.value), axis: rows.axis > axis ? rows.axis - 1 : rows.axis)
  }
}

extension Symbol {
  /// Returns the largest element along one axis; equal ones share the derivative.
  public func maximum(along axis: Int) -> Symbol { MaximumAlong(axis: axis)(self) }

  /// Returns the largest element along several axes; equal ones share the derivative.
  public func maximum(along axes: [Int]) -> Symbol {
    axes.sorted(by: >).reduce(self) { $0.maximum(along: $1) }
  }

  /// Returns the smallest element along one axis; equal ones share the derivative.
  public func minimum(along axis: Int) -> Symbol { -(-self).maximum(along: axis) }

  /// Returns the smallest element along several axes; equal ones share the derivative.
  public func minimum(along axes: [Int]) -> Symbol { -(-self).maximum(along: axes) }
}
