/// A constant repeated, reshaped, gathered or transposed is a constant of the new shape.
struct BroadcastOfFill: Rewrite {
  func callAsFunction(_ symbol: Symbol, _ primitive: any Primitive) -> Symbol? {
    guard
      primitive is Broadcast || primitive is Reshape || primitive is Gather
        || primitive is Transpose, let value = symbol.operands[0].fillValue
    else { return nil }
    return .fill(value, symbol.shape)
  }
}
