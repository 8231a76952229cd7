/// `broadcast(x) = reshape(x)` where all new axes have length 1, so that nothing is moved.
struct BroadcastByOne: Rewrite {
  func concerns(_ operation: any Primitive.Type) -> Bool { operation == Broadcast.self }

  func callAsFunction(_ symbol: Symbol, _ primitive: any Primitive) -> Symbol? {
    guard let broadcast = primitive as? Broadcast,
      broadcast.shape.removing(Set(broadcast.axes)).extents.allSatisfy({ $0 == 1 })
    else { return nil }
    return symbol.operands[0].reshaped(broadcast.shape)
  }
}
