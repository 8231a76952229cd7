import Tensors

/// Rows put into zeros along one axis: `result[start + k · step] = operand[k]`, `total` rows in all.
struct Pad: Primitive {
  var axis: Int
  var start: Extent
  var total: Extent
  var step = 1

  func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try requireReal(operands, withAxis: axis)
    return operands[0].with(operands[0].shape.replacing(axis, with: total))
  }

  func evaluate<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, into result: Destination<Scalar>
  ) {
    let source = operands.shape(0)
    let first = operands.attribute(0)
    let inner = source.count(axis + 1..<source.rank)
    result.setZero()
    let run = step == 1 ? source[axis] : 1
    for outer in 0..<source.count(0..<axis) {
      for row in Swift.stride(from: 0, to: source[axis], by: max(1, run)) {
        let target = outer * result.shape[axis] + first + row * step
        (result.base + target * inner).update(
          from: operands[0] + (outer * source[axis] + row) * inner, count: run * inner)
      }
    }
  }

  /// Rows stay apart along another axis.
  func rowOperands(_ operands: [TensorType], result: TensorType) -> [Bool]? {
    axis == 0 ? nil : operands.map { _ in true }
  }

  /// Low: rows are copied.
  func rowCost(_ operands: [TensorType], result: TensorType) -> RowCost { .low }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    [Slice(axis: axis, start: start, count: operands[0].shape[axis], step: step)(cotangent)]
  }

  func batched(_ operands: [Symbol], isBatched: [Bool], slices: Extent) -> Symbol {
    Pad(axis: axis + 1, start: start, total: total, step: step)(operands[0])
  }

  /// Rows stay apart where zeros are put along another axis.
  func segmented(_ operands: [Batched], slices: Extent) -> Batched? {
    guard let rows = operands[0].segmented, rows.axis != axis else { return nil }
    return rows.with(self(rows.value))
  }

  var attributeExtents: [Extent] { [start] }
}

extension Symbol {
  /// Returns the rows among zeros along an axis: row `k` at `start + k · step` of `total`.
  public func padded(
    from start: Extent, total: Extent, axis: Int = 0, step: Int = 1
  ) -> Symbol {
    Pad(axis: axis, start: start, total: total, step: step)(self)
  }
}
