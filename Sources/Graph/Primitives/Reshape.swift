import Tensors

/// The same elements in row-major order under another shape.
struct Reshape: Primitive {
  var shape: Shape

  func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try require(
      operands.count == 1 && operands[0].shape.count == shape.count,
      "to \(shape) needs one operand of as many elements")
    return operands[0].with(shape)
  }

  func evaluate<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, into result: Destination<Scalar>
  ) {
    result.copyElements(from: operands.bytes(0))
  }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    [cotangent.reshaped(operands[0].shape)]
  }

  func batched(_ operands: [Symbol], isBatched: [Bool], slices: Extent) -> Symbol {
    Reshape(shape: shape.inserting(slices, at: 0))(operands[0])
  }

  /// Rows stay rows if their axis and the number of elements before it are kept.
  func segmented(_ operands: [Batched], slices: Extent) -> Batched? {
    guard let rows = operands[0].segmented else { return nil }
    let before = Shape(rows.value.shape.extents[..<rows.axis]).count
    for axis in shape.extents.indices where shape[axis] == rows.value.shape[rows.axis] {
      if Shape(shape.extents[..<axis]).count == before {
        return rows.with(self(rows.value), axis: axis)
      }
    }
    return nil
  }

  var movesElements: Bool { true }

  func rowOperands(_ operands: [TensorType], result: TensorType) -> [Bool]? {
    operands[0].shape.extents.first == result.shape.extents.first ? [true] : nil
  }

  var isView: Bool { true }
}

extension Symbol {
  /// Returns the same elements in row-major order under another shape.
  public func reshaped(_ shape: Shape) -> Symbol {
    shape == self.shape ? self : Reshape(shape: shape)(self)
  }

  /// Returns the elements in row-major order as a vector.
  public func flattened() -> Symbol { reshaped([shape.count]) }

  /// Returns the symbol with one more axis of length 1, before `axis`.
  public func inserting(axis: Int) -> Symbol { reshaped(shape.inserting(1, at: axis)) }
}
