/// Forward mode: the change of `y` along directions of the sources, `Σ ∂y/∂x · v`, of the shape of `y`.
///
/// A pullback is linear in its cotangent, `g(c) = cᵀ ∂y/∂x`, so the pullback of `g · v` by the
/// cotangent is the change of `y` along `v`. The cotangent itself is never computed.
///
/// - Parameters:
///   - y: The value.
///   - sources: The symbols that move.
///   - directions: How each of them moves, of its shape.
/// - Returns: A graph over the sources and the directions.
public func tangent(of y: Symbol, by sources: [Symbol], along directions: [Symbol]) -> Symbol {
  let cotangent = Symbol.placeholder("cotangent of a tangent", y.shape)
  let terms = zip(pullback(of: y, by: sources, cotangent: cotangent), directions)
    .compactMap { gradient, direction in gradient.map { ($0 * direction).sum() } }
  guard let first = terms.first else { return .fill(0, y.shape) }
  return gradient(of: terms.dropFirst().reduce(first, +), by: cotangent)
}
