/// `Σ c = n c` over an axis of length `n`.
struct SumOfFill: Rewrite {
  func concerns(_ operation: any Primitive.Type) -> Bool { operation == Sum.self }

  func callAsFunction(_ symbol: Symbol, _ primitive: any Primitive) -> Symbol? {
    guard let sum = primitive as? Sum, let value = symbol.operands[0].fillValue else { return nil }
    let extent = symbol.operands[0].shape[sum.axis]
    if let count = extent.constant { return .fill(value * Double(count), symbol.shape) }
    return (.size(of: extent) * value).broadcast(to: symbol.shape, axes: [])
  }
}
