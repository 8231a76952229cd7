/// The part of a graph that no variable reaches, and the rest of the graph over its values.
///
/// A value that no variable reaches is the same in every step of a training, so it can be computed
/// once and kept: for outputs `y = rest(f(x), w)` the features `f` are cut out, and `rest` has placeholders in
/// their place. The derivative of an output along a direction of the sources `x` is then a
/// contraction with the tangents of the features,
///
///     dy = Σ_k ∂rest/∂f_k · df_k.
///
/// A feature is cut behind operations that only move elements (`Primitive.movesElements`), where it
/// has the fewest of them. Index values and constants are not cut; they stay part of the rest.
public struct FrozenPrefix: Sendable {
  /// A value that no variable reaches and that the rest needs.
  public struct Feature: Sendable, Hashable {
    /// The value as a graph over the sources.
    public let value: Symbol
    /// The placeholder of the same type in the rest; a source that the rest reads is its own.
    public let placeholder: Symbol
  }

  /// The features, in the order in which the outputs need them.
  public let features: [Feature]

  /// The outputs as graphs over the features' placeholders.
  public let rest: [Symbol]

  /// Divides the graph of some outputs.
  ///
  /// - Parameters:
  ///   - outputs: The outputs.
  ///   - name: The name of a feature's placeholder, given its number and its value; names differ from
  ///     each other and from those of all other placeholders.
  public init(
    of outputs: [Symbol],
    name: (_ number: Int, _ value: Symbol) -> String = { number, _ in "feature\(number)" }
  ) {
    let order = topologicalOrder(of: outputs)
    let reached = dependents(on: order.filter { $0.variable != nil }, in: order)
    let fed = dependents(on: order.filter { $0.primitive == nil }, in: order)
    /// Whether the rest computes a symbol itself.
    func isRest(_ symbol: Symbol) -> Bool {
      reached.contains(symbol) || !fed.contains(symbol) || symbol.type.elements == .index
        || symbol.primitive?.movesElements == true
    }
    var needed = Set(outputs)
    for symbol in order.reversed() where needed.contains(symbol) && isRest(symbol) {
      needed.formUnion(symbol.operands)
    }
    var features: [Feature] = []
    var results: [Symbol: Symbol] = [:]
    for symbol in order where needed.contains(symbol) {
      if isRest(symbol) {
        results[symbol] = symbol.replacingOperands(symbol.operands.map { results[$0] ?? $0 })
      } else {
        let isSource = symbol.primitive == nil
        let placeholder =
          isSource ? symbol : .placeholder(name(features.count, symbol), symbol.shape)
        features.append(Feature(value: symbol, placeholder: placeholder))
        results[symbol] = placeholder
      }
    }
    self.features = features
    rest = outputs.map { results[$0] ?? $0 }
  }

  /// The changes of all features, `∂f/∂x · v`, along directions `v` of the sources `x`.
  ///
  /// - Parameters:
  ///   - sources: The symbols that move.
  ///   - directions: How each of them moves, of its shape.
  /// - Returns: A graph over the sources for each feature, of the feature's shape.
  public func tangents(by sources: [Symbol], along directions: [Symbol]) -> [Symbol] {
    features.map { tangent(of: $0.value, by: sources, along: directions) }
  }

  /// The change of an output of the rest, `Σ_k ∂output/∂f_k · df_k`.
  ///
  /// - Parameters:
  ///   - output: A scalar over the features' placeholders.
  ///   - tangents: The change `df` of each feature, of its shape.
  /// - Returns: A scalar over the features' placeholders and the tangents.
  public func derivative(of output: Symbol, along tangents: [Symbol]) -> Symbol {
    let slopes = gradient(of: output, by: features.map(\.placeholder))
    return zip(slopes, tangents).reduce(.fill(0, .scalar)) { $0 + ($1.0 * $1.1).sum() }
  }
}

extension Symbol {
  /// The same operation on other operands of the same types.
  func replacingOperands(_ operands: [Symbol]) -> Symbol {
    operands == self.operands
      ? self : Symbol(node.kind, operands: operands, type: type, remarks: node.remarks)
  }
}
