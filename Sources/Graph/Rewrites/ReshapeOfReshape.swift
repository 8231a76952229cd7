/// `reshape[s](reshape[t](x)) = reshape[s](x)`, and `x` itself where that has the shape `s`.
struct ReshapeOfReshape: Rewrite {
  func concerns(_ operation: any Primitive.Type) -> Bool { operation == Reshape.self }

  func callAsFunction(_ symbol: Symbol, _ primitive: any Primitive) -> Symbol? {
    guard let reshape = primitive as? Reshape else { return nil }
    let operand = symbol.operands[0]
    if operand.shape == reshape.shape { return operand }
    guard operand.primitive is Reshape else { return nil }
    return operand.operands[0].reshaped(reshape.shape)
  }
}
