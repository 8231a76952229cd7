import Tensors

extension Symbol {
  /// The graphs of some outputs with other symbols in place of some of theirs.
  ///
  /// What replaces a symbol has its type and may depend on it, as `w + δ` for `w`: it is not searched
  /// for replacements itself.
  public static func substituting(
    _ replacements: [Symbol: Symbol], in outputs: [Symbol]
  ) -> [Symbol] {
    for (symbol, replacement) in replacements {
      ensure(
        symbol.type == replacement.type,
        "substituting: \(replacement.type) cannot take the place of \(symbol.type)")
    }
    let order = topologicalOrder(of: outputs)
    let affected = dependents(on: replacements.keys, in: order)
    var results = replacements
    for symbol in order where affected.contains(symbol) && results[symbol] == nil {
      results[symbol] = symbol.replacingOperands(symbol.operands.map { results[$0] ?? $0 })
    }
    return outputs.map { results[$0] ?? $0 }
  }
}
