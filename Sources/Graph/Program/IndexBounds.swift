/// The extents below which the indices of a graph have to lie, where the graph itself does not see to it.
///
/// Operations that address rows bound their indices; operations that move indices hand the bounds on
/// to where the indices come from. So bounds end at placeholders, which a session compares with each
/// feed, and at results of which nothing is known, which are compared when they are computed.
struct IndexBounds {
  private var bounds: [Symbol: [Extent]] = [:]

  /// Finds the bounds of all symbols, which are given in topological order.
  init(_ order: [Symbol]) {
    for symbol in order.reversed() {
      guard let primitive = symbol.primitive else { continue }
      let types = symbol.operands.map(\.type)
      guard types.contains(where: { $0.elements == .index }) || bounds[symbol] != nil
      else { continue }
      add(primitive.operandBounds(types), to: symbol.operands)
      var remaining: [Extent] = []
      for bound in bounds.removeValue(forKey: symbol) ?? [] {
        if let sources = primitive.operandBounds(types, forResultBelow: bound) {
          add(sources, to: symbol.operands)
        } else {
          remaining.append(bound)
        }
      }
      if !remaining.isEmpty { bounds[symbol] = remaining }
    }
  }

  /// The bounds that have to be compared with the elements of a symbol.
  subscript(symbol: Symbol) -> [Extent] { bounds[symbol] ?? [] }

  private mutating func add(_ extents: [Extent?], to operands: [Symbol]) {
    for (extent, operand) in zip(extents, operands) where operand.type.elements == .index {
      guard let extent, bounds[operand]?.contains(extent) != true else { continue }
      bounds[operand, default: []].append(extent)
    }
  }
}
