import Tensors

/// The sum over one axis, which disappears.
struct Sum: Primitive {
  var axis: Int

  func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try requireReal(operands, withAxis: axis)
    return operands[0].with(operands[0].shape.removing([axis]))
  }

  func evaluate<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, into result: Destination<Scalar>
  ) {
    sumAlongAxis(operands[0], AxisView(operands.shape(0), axis: axis), into: result.base)
  }

  func rowOperands(_ operands: [TensorType], result: TensorType) -> [Bool]? {
    axis > 0 ? [true] : nil
  }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    let shape = operands[0].shape
    return [cotangent.broadcast(to: shape, axes: shape.extents.indices.filter { $0 != axis })]
  }

  func batched(_ operands: [Symbol], isBatched: [Bool], slices: Extent) -> Symbol {
    Sum(axis: axis + 1)(operands[0])
  }

  /// A sum over rows falls apart into the slices' own sums; a sum over another axis keeps rows apart.
  func segmented(_ operands: [Batched], slices: Extent) -> Batched? {
    guard let rows = operands[0].segmented else { return nil }
    if rows.axis != axis {
      return rows.with(self(rows.value), axis: rows.axis > axis ? rows.axis - 1 : rows.axis)
    }
    return .perSlice(
      SegmentSum(axis: axis, count: slices)(rows.value, rows.segments).moving(axis: axis, to: 0))
  }
}

extension Symbol {
  /// Returns the sum over one axis.
  public func sum(along axis: Int) -> Symbol { Sum(axis: axis)(self) }

  /// Returns the sum over several axes.
  public func sum(along axes: [Int]) -> Symbol {
    axes.sorted(by: >).reduce(self) { $0.sum(along: $1) }
  }

  /// Returns the sum of all elements, a scalar.
  public func sum() -> Symbol { rank == 0 ? self : flattened().sum(along: 0) }
}
