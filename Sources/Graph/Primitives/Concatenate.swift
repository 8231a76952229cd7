import Tensors

/// The operands one after another along one axis.
struct Concatenate: Primitive {
  var axis: Int

  func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try require(
      !operands.isEmpty && operands[0].shape.extents.indices.contains(axis)
        && operands.allSatisfy {
          $0.elements == operands[0].elements && $0.shape.rank == operands[0].shape.rank
            && $0.shape.removing([axis]) == operands[0].shape.removing([axis])
        }, "needs operands that differ in axis \(axis) only")
    let total = operands.reduce(0 as Extent) { $0 + $1.shape[axis] }
    return operands[0].with(operands[0].shape.replacing(axis, with: total))
  }

  func evaluate<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, into result: Destination<Scalar>
  ) {
    let shape = result.shape
    let outer = shape.count(0..<axis)
    let rowBytes = shape.count(axis..<shape.rank) * result.stride
    var start = 0
    for operand in 0..<operands.count {
      let shape = operands.shape(operand)
      let bytes = shape.count(axis..<shape.rank) * result.stride
      for row in 0..<outer {
        (result.bytes + row * rowBytes + start).copyMemory(
          from: operands.bytes(operand) + row * bytes, byteCount: bytes)
      }
      start += bytes
    }
  }

  /// Rows stay apart along another axis.
  func rowOperands(_ operands: [TensorType], result: TensorType) -> [Bool]? {
    axis == 0 ? nil : operands.map { _ in true }
  }

  func operandBounds(
    _ operands: [TensorType], forResultBelow bound: Extent
  ) -> [Extent?]? { operands.map { _ in bound } }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    guard result.type.elements == .real else { return operands.map { _ in nil } }
    var start: Extent = 0
    return operands.map { operand in
      defer { start = start + operand.shape[axis] }
      return Slice(axis: axis, start: start, count: operand.shape[axis])(cotangent)
    }
  }

  func batched(_ operands: [Symbol], isBatched: [Bool], slices: Extent) -> Symbol {
    Concatenate(axis: axis + 1).applied(to: operands.repeated(slices, unless: isBatched))
  }

  func segmented(_ operands: [Batched], slices: Extent) -> Batched? {
    let rows = operands.compactMap(\.segmented)
    guard rows.count == operands.count, rows.allSatisfy({ $0.axis == rows[0].axis }) else {
      return nil
    }
    let value = applied(to: rows.map(\.value))
    if rows[0].axis == axis {
      return rows[0].with(value, segments: .concatenating(rows.map(\.segments), axis: 0))
    }
    guard rows.allSatisfy({ $0.hasSameSegments(as: rows[0]) }) else { return nil }
    return rows[0].with(value)
  }
}

extension Symbol {
  /// Returns the symbols one after another along one axis.
  public static func concatenating(_ symbols: [Symbol], axis: Int) -> Symbol {
    symbols.count == 1 ? symbols[0] : Concatenate(axis: axis).applied(to: symbols)
  }
}
