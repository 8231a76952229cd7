/// `detach(x) = x`: once derivatives are taken nothing is left to detach.
struct DetachedValue: Rewrite {
  func concerns(_ operation: any Primitive.Type) -> Bool { operation == Detach.self }

  func callAsFunction(_ symbol: Symbol, _ primitive: any Primitive) -> Symbol? {
    symbol.operands[0]
  }
}
