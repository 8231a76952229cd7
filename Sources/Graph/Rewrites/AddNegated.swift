/// `x + (-y) = x - y`, `(-x) + y = y - x`, `x - (-y) = x + y`.
struct AddNegated: Rewrite {
  func concerns(_ operation: any Primitive.Type) -> Bool {
    operation == Add.self || operation == Subtract.self
  }

  func callAsFunction(_ symbol: Symbol, _ primitive: any Primitive) -> Symbol? {
    let (x, y) = (symbol.operands[0], symbol.operands[1])
    if y.primitive is Negate { return primitive is Add ? x - y.operands[0] : x + y.operands[0] }
    if primitive is Add, x.primitive is Negate { return y - x.operands[0] }
    return nil
  }
}
