import Tensors

/// One value everywhere.
struct Fill: Primitive {
  var value: Double
  var shape: Shape

  func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try require(operands.isEmpty, "takes no operands")
    return .real(shape)
  }

  func evaluate<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, into result: Destination<Scalar>
  ) {
    result.base.update(repeating: Scalar(value), count: result.shape.count)
  }

  var repeatsRows: Bool { true }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] { [] }

  func batched(_ operands: [Symbol], isBatched: [Bool], slices: Extent) -> Symbol {
    trap("fill has no operand that could have slices")
  }
}

extension Symbol {
  /// The value, if the symbol is the same constant everywhere.
  var fillValue: Double? { (primitive as? Fill)?.value }
}
