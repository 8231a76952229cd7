/// A constant repeated, reshaped, gathered or transposed is a constant of the new shape.
struct BroadcastOfFill: Rewrite {
  func concerns(_ operation: any Primitive.Type) -> Bool {
    operation == Broadcast.self || operation == Reshape.self
      || operation == Gather.self || operation == Transpose.self
  }

  func callAsFunction(_ symbol: Symbol, _ primitive: any Primitive) -> Symbol? {
    symbol.operands[0].fillValue.map { .fill($0, symbol.shape) }
  }
}
