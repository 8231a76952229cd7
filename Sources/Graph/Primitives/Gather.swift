import Tensors

/// The rows that an index names: `result[k] = operand[index[k]]` along one axis.
struct Gather: Primitive {
  var axis = 0

  func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try require(
      operands.count == 2 && operands[0].shape.extents.indices.contains(axis)
        && operands[1].elements == .index && operands[1].shape.rank == 1,
      "needs an operand with an axis \(axis) and a vector of indices")
    return operands[0].with(operands[0].shape.replacing(axis, with: operands[1].shape[0]))
  }

  func evaluate<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, into result: Destination<Scalar>
  ) {
    let view = AxisView(operands.shape(0), axis: axis)
    let (index, count) = (operands.indices(1), result.shape[axis])
    switch result.elements {
    case .real: gatherRows(operands[0], view, at: index, count: count, into: result.base)
    case .index:
      // Rows are copied as they are, and an index has the size of a float.
      gatherRows(
        operands.bytes(0).assumingMemoryBound(to: Float.self), view, at: index, count: count,
        into: result.bytes.assumingMemoryBound(to: Float.self))
    }
  }

  var movesElements: Bool { true }

  /// The index, whose rows name those of a table that all share; along another axis the operand.
  func rowOperands(_ operands: [TensorType], result: TensorType) -> [Bool]? {
    axis == 0 ? [false, true] : [true, false]
  }

  var looksUpRows: Bool { axis == 0 }

  /// Low: rows are copied.
  func rowCost(_ operands: [TensorType], result: TensorType) -> RowCost { .low }

  func operandBounds(_ operands: [TensorType]) -> [Extent?] { [nil, operands[0].shape[axis]] }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    [SegmentSum(axis: axis, count: operands[0].shape[axis])(cotangent, operands[1]), nil]
  }

  func batched(_ operands: [Symbol], isBatched: [Bool], slices: Extent) -> Symbol {
    ensure(!isBatched[1], "gather: indices must be the same for every slice")
    return Gather(axis: axis + 1)(operands[0], operands[1])
  }

  func segmented(_ operands: [Batched], slices: Extent) -> Batched? {
    guard let rows = operands[0].segmented, let index = operands[1].shared else { return nil }
    let value = self(rows.value, index)
    if rows.axis != axis { return rows.with(value) }
    return rows.with(value, segments: rows.segments(gatheredBy: index))
  }
}

extension Symbol {
  /// Returns the rows along `axis` that the index, a vector, names.
  public func gathered(by index: Symbol, axis: Int = 0) -> Symbol {
    Gather(axis: axis)(self, index)
  }
}
