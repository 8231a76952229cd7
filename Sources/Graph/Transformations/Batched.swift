/// The form of a symbol when a graph is repeated over slices.
public enum Batched: Sendable {
  /// The same for every slice.
  case shared(Symbol)

  /// A value for each slice, along a new leading axis.
  case perSlice(Symbol)

  /// Each row belongs to one slice and is zero in all others.
  case segmented(Segmented)
}

extension Batched {
  /// The symbol, if it is the same for every slice.
  public var shared: Symbol? { if case .shared(let symbol) = self { symbol } else { nil } }

  /// The rows, if each belongs to one slice.
  public var segmented: Segmented? {
    if case .segmented(let segmented) = self { segmented } else { nil }
  }

  /// The value with a leading axis of slices, and whether it has one.
  package func dense(slices: Extent) -> (symbol: Symbol, isBatched: Bool) {
    switch self {
    case .shared(let symbol): (symbol, false)
    case .perSlice(let symbol): (symbol, true)
    case .segmented(let segmented): (segmented.dense(slices: slices), true)
    }
  }
}

extension Primitive {
  /// The operation per slice, with rows spread over dense slices.
  fileprivate func batched(_ operands: [Batched], slices: Extent) -> Symbol {
    let dense = operands.map { $0.dense(slices: slices) }
    return batched(dense.map(\.symbol), isBatched: dense.map(\.isBatched), slices: slices)
  }
}

/// The graph of `outputs` repeated over slices, where `replacements` says how some of its symbols
/// look per slice.
///
/// A primitive is first asked for its segmented form and, where it has none, for its dense one.
public func batch(
  _ outputs: [Symbol], slices: Extent, replacing replacements: [Symbol: Batched]
) -> [Batched] {
  let order = topologicalOrder(of: outputs)
  let affected = dependents(on: replacements.keys, in: order)
  var forms = replacements
  for symbol in order where affected.contains(symbol) && forms[symbol] == nil {
    guard let primitive = symbol.primitive else { continue }
    let operands = symbol.operands.map { forms[$0] ?? .shared($0) }
    let form = primitive.segmented(operands, slices: slices)
    var result = form ?? .perSlice(primitive.batched(operands, slices: slices))
    if case .perSlice(let value) = result {
      assert(
        value.shape == symbol.shape.inserting(slices, at: 0),
        "\(primitive.name) batched has shape \(value.shape) instead of \(slices) + \(symbol.shape)")
      if let fallback = DenseFallback(
        of: symbol, operands, result: result, isSpread: form == nil)
      {
        result = .perSlice(value.remarking { $0.fallback = fallback })
      }
    }
    forms[symbol] = result
  }
  return outputs.map { forms[$0] ?? .shared($0) }
}
