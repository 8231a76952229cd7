/// A law of the graph language, applied from left to right wherever it matches.
///
/// One law, one file. A law looks at a symbol whose operands are already rewritten and returns what
/// stands for it, or nil where it does not apply. It must never cost more than what it replaces.
protocol Rewrite: Sendable {
  func callAsFunction(_ symbol: Symbol, _ primitive: any Primitive) -> Symbol?
}

/// The expressions after applying laws until none applies, with equal expressions merged.
func simplified(_ roots: [Symbol], by laws: [any Rewrite]) -> [Symbol] {
  var simplifier = Simplifier(laws: laws)
  for symbol in topologicalOrder(of: roots) { _ = simplifier.simplified(symbol) }
  return roots.map { simplifier.simplified($0) }
}

/// Common-subexpression elimination and rewriting in one walk.
private struct Simplifier {
  /// What makes two nodes equal: the operation and the very same operands.
  struct Expression: Hashable {
    let primitive: AnyHashable
    let operands: [Symbol]
    /// Kept, since growing tables ask for it again.
    let hash: Int

    init(_ primitive: any Primitive, _ operands: [Symbol]) {
      self.primitive = AnyHashable(primitive)
      self.operands = operands
      var hasher = Hasher()
      hasher.combine(self.primitive)
      hasher.combine(operands)
      hash = hasher.finalize()
    }

    static func == (left: Expression, right: Expression) -> Bool {
      left.hash == right.hash && left.operands == right.operands
        && left.primitive == right.primitive
    }

    func hash(into hasher: inout Hasher) { hasher.combine(hash) }
  }

  let laws: [any Rewrite]
  var results: [Symbol: Symbol] = [:]
  var known: [Expression: Symbol] = [:]

  /// The recursion is shallow: operands met by the walk are done, laws add only a few new nodes.
  mutating func simplified(_ symbol: Symbol) -> Symbol {
    if let result = results[symbol] { return result }
    var operands: [Symbol] = []
    for operand in symbol.operands { operands.append(simplified(operand)) }
    let merged = self.merged(symbol, operands)
    var result = merged
    if merged != symbol, let done = results[merged] {
      result = done
    } else if let primitive = merged.primitive {
      for law in laws {
        guard let replacement = law(merged, primitive) else { continue }
        assert(
          replacement.type == merged.type,
          "\(law) turned \(merged.type) of \(primitive.name) into \(replacement.type)")
        result = simplified(replacement)
        break
      }
    }
    results[symbol] = result
    results[merged] = result
    results[result] = result
    return result
  }

  private mutating func merged(_ symbol: Symbol, _ operands: [Symbol]) -> Symbol {
    guard let primitive = symbol.primitive else { return symbol }
    let expression = Expression(primitive, operands)
    if let equal = known[expression] { return equal }
    let result =
      operands == symbol.operands
      ? symbol : Symbol(symbol.node.kind, operands: operands, type: symbol.type)
    known[expression] = result
    return result
  }
}
