/// `x - 0 = x`, `0 - x = -x`.
struct SubtractZero: Rewrite {
  func concerns(_ operation: any Primitive.Type) -> Bool { operation == Subtract.self }

  func callAsFunction(_ symbol: Symbol, _ primitive: any Primitive) -> Symbol? {
    if symbol.operands[1].fillValue == 0 { return symbol.operands[0] }
    if symbol.operands[0].fillValue == 0 { return -symbol.operands[1] }
    return nil
  }
}
