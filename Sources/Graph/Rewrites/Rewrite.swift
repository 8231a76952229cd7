/// A law of the graph language, applied from left to right wherever it matches.
///
/// One law, one file. A law looks at a symbol whose operands are already rewritten and returns what
/// stands for it, or nil where it does not apply. It must never cost more than the symbol it replaces.
protocol Rewrite: Sendable {
  /// Whether the law is about operations of this type; it is tried on no others.
  func concerns(_ operation: any Primitive.Type) -> Bool

  func callAsFunction(_ symbol: Symbol, _ primitive: any Primitive) -> Symbol?
}

/// The expressions after applying laws until none applies, with equal expressions merged.
///
/// `order` are the symbols reachable from the roots, operands before users.
func simplified(
  _ roots: [Symbol], _ order: [Symbol], by laws: [any Rewrite]
) -> [Symbol] {
  var simplifier = Simplifier(laws, capacity: order.count)
  for symbol in order { _ = simplifier.simplified(symbol) }
  return labelled(roots.map { simplifier.simplified($0) }, simplifier.labels)
}

/// The expressions with names at the symbols that stand for named ones.
private func labelled(_ roots: [Symbol], _ labels: [Symbol: String]) -> [Symbol] {
  let labels = labels.filter { $0.key.node.remarks.label == nil }
  if labels.isEmpty { return roots }
  var results: [Symbol: Symbol] = [:]
  for symbol in topologicalOrder(of: roots) {
    var result = symbol.replacingOperands(symbol.operands.map { results[$0]! })
    if let label = labels[symbol], symbol.node.remarks.label == nil { result = result.named(label) }
    results[symbol] = result
  }
  return roots.map { results[$0]! }
}

/// Common-subexpression elimination and rewriting in one walk.
private struct Simplifier {
  /// What makes two nodes equal: the operation and the very same operands.
  struct Expression: Hashable {
    let primitive: any Primitive
    let operands: [Symbol]
    /// Kept, since growing tables ask for it again.
    let hash: Int

    init(_ primitive: any Primitive, _ operands: [Symbol]) {
      self.primitive = primitive
      self.operands = operands
      var hasher = Hasher()
      hasher.combine(ObjectIdentifier(type(of: primitive)))
      primitive.hash(into: &hasher)
      for operand in operands { operand.hash(into: &hasher) }
      hash = hasher.finalize()
    }

    static func == (left: Expression, right: Expression) -> Bool {
      left.hash == right.hash && left.operands == right.operands
        && left.primitive.isEqual(to: right.primitive)
    }

    func hash(into hasher: inout Hasher) { hasher.combine(hash) }
  }

  let laws: [any Rewrite]
  private var lawsByType: [ObjectIdentifier: [any Rewrite]] = [:]
  private var results: [Symbol: Symbol] = [:]
  private var known: [Expression: Symbol] = [:]
  /// The names of symbols that lost them in what stands for them; the first name counts.
  private(set) var labels: [Symbol: String] = [:]

  /// Makes room for a number of symbols, since growing tables costs as much as filling them.
  init(_ laws: [any Rewrite], capacity: Int) {
    self.laws = laws
    results.reserveCapacity(2 * capacity)
    known.reserveCapacity(capacity)
  }

  /// The recursion is shallow: operands met by the walk are done, laws add only a few new nodes.
  mutating func simplified(_ symbol: Symbol) -> Symbol {
    if let result = results[symbol] { return result }
    var operands: [Symbol] = []
    operands.reserveCapacity(symbol.operands.count)
    for operand in symbol.operands { operands.append(simplified(operand)) }
    guard let primitive = symbol.primitive else {
      results[symbol] = symbol
      return symbol
    }
    let merged = self.merged(symbol, primitive, operands)
    let result = merged != symbol ? results[merged] : nil
    return finish(symbol, merged, result ?? rewritten(merged, primitive))
  }

  /// Notes the result for all three forms, so that none of them is ever looked at again.
  private mutating func finish(_ symbol: Symbol, _ merged: Symbol, _ result: Symbol) -> Symbol {
    results[symbol] = result
    if let label = symbol.node.remarks.label, result.node.remarks.label == nil,
      labels[result] == nil
    {
      labels[result] = label
    }
    if merged != symbol { results[merged] = result }
    if merged != result { results[result] = result }
    return result
  }

  /// The symbol after the first law that applies, and all that apply then.
  private mutating func rewritten(_ symbol: Symbol, _ primitive: any Primitive) -> Symbol {
    for law in laws(about: type(of: primitive)) {
      guard let replacement = law(symbol, primitive) else { continue }
      assert(
        replacement.type == symbol.type,
        "\(law) turned \(symbol.type) of \(primitive.name) into \(replacement.type)")
      return simplified(replacement)
    }
    return symbol
  }

  private mutating func laws(about operation: any Primitive.Type) -> [any Rewrite] {
    if let laws = lawsByType[ObjectIdentifier(operation)] { return laws }
    let laws = laws.filter { $0.concerns(operation) }
    lawsByType[ObjectIdentifier(operation)] = laws
    return laws
  }

  /// The one symbol that stands for all equal expressions.
  private mutating func merged(
    _ symbol: Symbol, _ primitive: any Primitive, _ operands: [Symbol]
  ) -> Symbol {
    let expression = Expression(primitive, operands)
    if let equal = known[expression] { return equal }
    let result =
      operands == symbol.operands
      ? symbol : symbol.replacingOperands(operands)
    known[expression] = result
    return result
  }
}
