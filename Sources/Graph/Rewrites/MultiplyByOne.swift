/// `x · 1 = x`, `1 · x = x`, `x / 1 = x`.
struct MultiplyByOne: Rewrite {
  func concerns(_ operation: any Primitive.Type) -> Bool {
    operation == Multiply.self || operation == Divide.self
  }

  func callAsFunction(_ symbol: Symbol, _ primitive: any Primitive) -> Symbol? {
    if primitive is Multiply, symbol.operands[0].fillValue == 1 { return symbol.operands[1] }
    return symbol.operands[1].fillValue == 1 ? symbol.operands[0] : nil
  }
}
