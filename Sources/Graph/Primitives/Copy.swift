import Tensors

/// The same value in memory of its own: the old value of a variable that is about to change.
struct Copy: Primitive {
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

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    [cotangent]
  }

  func batched(_ operands: [Symbol], isBatched: [Bool], slices: Extent) -> Symbol {
    self(operands[0])
  }

  func segmented(_ operands: [Batched], slices: Extent) -> Batched? {
    operands[0].segmented.map { $0.with(self($0.value)) }
  }
}

extension Symbol {
  /// Whether this symbol is a variable's own memory, perhaps under another shape.
  var isVariableMemory: Bool {
    var symbol = self
    while symbol.primitive?.isView == true { symbol = symbol.operands[0] }
    return symbol.variable != nil
  }
}
