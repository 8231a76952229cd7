/// The extents below which the indices of a graph have to lie, where the graph itself does not see to it.
///
/// Operations that address rows bound their indices. A bound is followed to where the elements of the
/// index come from. If it ends at placeholders and at values that are known, it holds once the
/// placeholders are below it, which a session compares with each feed. Otherwise the index is compared
/// when it is computed.
struct IndexBounds {
  private var bounds: [Symbol: [Extent]] = [:]

  /// Finds the bounds of all symbols, which are given in topological order.
  init(_ order: [Symbol]) {
    for symbol in order {
      guard let primitive = symbol.primitive else { continue }
      let types = symbol.operands.map(\.type)
      guard types.contains(where: { $0.elements == .index }) else { continue }
      for (bound, index) in zip(primitive.operandBounds(types), symbol.operands) {
        guard let bound, index.type.elements == .index else { continue }
        for (source, bound) in Self.sources(of: index, below: bound) ?? [(index.owner, bound)]
        where bounds[source]?.contains(bound) != true {
          bounds[source, default: []].append(bound)
        }
      }
    }
  }

  /// The bounds that have to be compared with the elements of a symbol.
  subscript(symbol: Symbol) -> [Extent] { bounds[symbol] ?? [] }

  /// The placeholders that an index comes from, with the bounds they need for the index to lie below
  /// its own; `nil` if that is not enough.
  private static func sources(of index: Symbol, below bound: Extent) -> [(Symbol, Extent)]? {
    var sources: [(Symbol, Extent)] = []
    var pending = [(index, bound)]
    var visited: [Symbol: [Extent]] = [:]
    while let (symbol, bound) = pending.popLast() {
      if visited[symbol]?.contains(bound) == true { continue }
      visited[symbol, default: []].append(bound)
      guard let primitive = symbol.primitive else {
        sources.append((symbol, bound))
        continue
      }
      let types = symbol.operands.map(\.type)
      guard let bounds = primitive.operandBounds(types, forResultBelow: bound) else { return nil }
      for (bound, operand) in zip(bounds, symbol.operands) where operand.type.elements == .index {
        if let bound { pending.append((operand, bound)) }
      }
    }
    return sources
  }
}

extension Symbol {
  /// The symbol whose memory this one looks at.
  fileprivate var owner: Symbol {
    var symbol = self
    while symbol.primitive?.isView == true { symbol = symbol.operands[0] }
    return symbol
  }
}
