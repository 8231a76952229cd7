import Tensors

/// The same value, as a constant for derivatives.
struct Detach: Primitive {
  func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try require(operands.count == 1, "needs one operand")
    return operands[0]
  }

  func evaluate<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, into result: Destination<Scalar>
  ) {
    result.copyElements(from: operands.bytes(0))
  }

  func operandBounds(
    _ operands: [TensorType], forResultBelow bound: Extent
  ) -> [Extent?]? { operands.map { _ in bound } }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] { [nil] }

  func batched(_ operands: [Symbol], isBatched: [Bool], slices: Extent) -> Symbol {
    self(operands[0])
  }

  func segmented(_ operands: [Batched], slices: Extent) -> Batched? {
    operands[0].segmented.map { $0.with(self($0.value)) }
  }

  var isView: Bool { true }
}

extension Symbol {
  /// Returns the same value, which derivatives take as a constant.
  public func detached() -> Symbol { Detach()(self) }
}
