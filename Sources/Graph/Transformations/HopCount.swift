/// The greatest number of hops on the ways to some values.
///
/// A hop is an operation that addresses rows by an index that leads elsewhere: features of atoms gathered
/// by the second atoms of pairs, for instance, or pairs summed to them. Indices made of local
/// placeholders alone keep rows where they are. The count is an upper bound: an index that is not known to
/// be local is taken to lead elsewhere.
///
/// - Parameters:
///   - roots: The values.
///   - sources: The placeholders at which ways begin; by default all symbols without operands.
///   - local: The index placeholders that do not lead elsewhere.
/// - Returns: The number of hops, nil where no way begins at a source.
public func hopCount(
  to roots: [Symbol], from sources: Set<Symbol>? = nil, local: Set<Symbol>
) -> Int? {
  var leading = Set<Symbol>()
  var hops: [Symbol: Int] = [:]
  for symbol in topologicalOrder(of: roots) {
    guard let primitive = symbol.primitive else {
      if symbol.type.elements == .index, !local.contains(symbol) { leading.insert(symbol) }
      if sources?.contains(symbol) ?? true { hops[symbol] = 0 }
      continue
    }
    let isIndex = symbol.type.elements == .index
    if isIndex, symbol.operands.contains(where: leading.contains) { leading.insert(symbol) }
    let bounds = primitive.operandBounds(symbol.operands.map(\.type))
    // Only real values are moved from row to row: which rows an index names is known everywhere.
    let isHop =
      !isIndex && zip(symbol.operands, bounds).contains { $1 != nil && leading.contains($0) }
    let counts = zip(symbol.operands, bounds).compactMap { operand, bound -> Int? in
      // An element of the atom at the other end becomes a number: it was fetched from there.
      let isFetched = !isIndex && bound == nil && leading.contains(operand)
      return hops[operand].map { $0 + (isHop || isFetched ? 1 : 0) }
    }
    let isSource = symbol.operands.isEmpty && sources == nil
    hops[symbol] = counts.max() ?? (isSource ? 0 : nil)
  }
  return roots.compactMap { hops[$0] }.max()
}
