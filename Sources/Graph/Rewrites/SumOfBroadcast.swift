/// `Σ broadcast(x) = n · broadcast(x)` over an axis of length `n` along which `x` repeats, and
/// `Σ broadcast(x) = broadcast(Σ x)` over an axis of `x`.
///
/// The first one only where `n` is a number above zero: an empty sum is zero even of NaN.
struct SumOfBroadcast: Rewrite {
  func concerns(_ operation: any Primitive.Type) -> Bool { operation == Sum.self }

  func callAsFunction(_ symbol: Symbol, _ primitive: any Primitive) -> Symbol? {
    guard let sum = primitive as? Sum, let broadcast = symbol.operands[0].primitive as? Broadcast
    else { return nil }
    let source = symbol.operands[0].operands[0]
    let axes = broadcast.axes.filter { $0 != sum.axis }.map { $0 > sum.axis ? $0 - 1 : $0 }
    if let axis = broadcast.axes.firstIndex(of: sum.axis) {
      return source.sum(along: axis).broadcast(to: symbol.shape, axes: axes)
    }
    guard let count = broadcast.shape[sum.axis].constant, count > 0 else { return nil }
    let multiple = count == 1 ? source : source * Double(count)
    return multiple.broadcast(to: symbol.shape, axes: axes)
  }
}
