/// `-(-x) = x`.
struct NegateOfNegate: Rewrite {
  func callAsFunction(_ symbol: Symbol, _ primitive: any Primitive) -> Symbol? {
    guard primitive is Negate, symbol.operands[0].primitive is Negate else { return nil }
    return symbol.operands[0].operands[0]
  }
}
