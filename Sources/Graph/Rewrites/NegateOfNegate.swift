/// `-(-x) = x`.
struct NegateOfNegate: Rewrite {
  func concerns(_ operation: any Primitive.Type) -> Bool { operation == Negate.self }

  func callAsFunction(_ symbol: Symbol, _ primitive: any Primitive) -> Symbol? {
    symbol.operands[0].primitive is Negate ? symbol.operands[0].operands[0] : nil
  }
}
