/// `detach(x) = x`: once derivatives are taken nothing is left to detach.
struct DetachedValue: Rewrite {
  func callAsFunction(_ symbol: Symbol, _ primitive: any Primitive) -> Symbol? {
    primitive is Detach ? symbol.operands[0] : nil
  }
}
