/// `broadcast[s, a](broadcast[t, b](x)) = broadcast[s, a ∘ b](x)`.
struct BroadcastOfBroadcast: Rewrite {
  func concerns(_ operation: any Primitive.Type) -> Bool { operation == Broadcast.self }

  func callAsFunction(_ symbol: Symbol, _ primitive: any Primitive) -> Symbol? {
    guard let outer = primitive as? Broadcast,
      let inner = symbol.operands[0].primitive as? Broadcast
    else { return nil }
    return symbol.operands[0].operands[0].broadcast(
      to: outer.shape, axes: inner.axes.map { outer.axes[$0] })
  }
}
