import Tensors

/// Every `step`-th row of a range of one axis: `result[k] = operand[start + k · step]`.
struct Slice: Primitive {
  var axis: Int
  var start: Extent
  var count: Extent
  var step = 1

  func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try require(
      operands.count == 1 && operands[0].shape.extents.indices.contains(axis),
      "needs one operand with an axis \(axis)")
    if let start = start.constant, let count = count.constant,
      let extent = operands[0].shape[axis].constant
    {
      try require(
        step >= 1 && start >= 0 && count >= 0
          && (count == 0 || start + (count - 1) * step < extent),
        "takes \(count) rows from \(start) on in steps of \(step)")
    }
    return operands[0].with(operands[0].shape.replacing(axis, with: count))
  }

  func evaluate<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, into result: Destination<Scalar>
  ) {
    let source = operands.shape(0)
    let first = operands.attribute(0)
    let rowBytes = source.count(axis + 1..<source.rank) * result.stride
    let run = step == 1 ? result.shape[axis] : 1
    var target = result.bytes
    for outer in 0..<source.count(0..<axis) {
      let base = operands.bytes(0) + (outer * source[axis] + first) * rowBytes
      for row in Swift.stride(from: 0, to: result.shape[axis], by: max(1, run)) {
        target.copyMemory(from: base + row * step * rowBytes, byteCount: run * rowBytes)
        target += run * rowBytes
      }
    }
  }

  /// Rows stay apart along another axis.
  func rowOperands(_ operands: [TensorType], result: TensorType) -> [Bool]? {
    axis == 0 ? nil : operands.map { _ in true }
  }

  /// Low: rows are copied.
  func rowCost(_ operands: [TensorType], result: TensorType) -> RowCost { .low }

  func operandBounds(
    _ operands: [TensorType], forResultBelow bound: Extent
  ) -> [Extent?]? { operands.map { _ in bound } }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    guard result.type.elements == .real else { return [nil] }
    return [Pad(axis: axis, start: start, total: operands[0].shape[axis], step: step)(cotangent)]
  }

  func batched(_ operands: [Symbol], isBatched: [Bool], slices: Extent) -> Symbol {
    Slice(axis: axis + 1, start: start, count: count, step: step)(operands[0])
  }

  func segmented(_ operands: [Batched], slices: Extent) -> Batched? {
    guard let rows = operands[0].segmented else { return nil }
    let value = self(rows.value)
    if rows.axis != axis { return rows.with(value) }
    return rows.with(
      value, segments: Slice(axis: 0, start: start, count: count, step: step)(rows.segments))
  }

  var attributeExtents: [Extent] { [start] }
}

extension Symbol {
  /// Returns `count` rows along an axis, from `start` on, taking every `step`-th.
  public func slice(
    _ start: Extent, count: Extent, axis: Int = 0, step: Int = 1
  ) -> Symbol {
    Slice(axis: axis, start: start, count: count, step: step)(self)
  }
}
