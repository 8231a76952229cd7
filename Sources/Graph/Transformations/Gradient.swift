import Tensors

/// The gradient of a scalar with respect to each of `sources`, as symbols: `∂y/∂x`.
///
/// Gradients are graphs like any other, so a gradient of a gradient is a second derivative. Where
/// `y` does not depend on a source the gradient is a constant zero.
public func gradient(of y: Symbol, by sources: [Symbol]) -> [Symbol] {
  ensure(y.rank == 0, "gradient needs a scalar, got \(y.type); use jacobian for a vector")
  return pullback(of: y, by: sources, cotangent: .fill(1, .scalar)).enumerated().map {
    $1 ?? .fill(0, sources[$0].shape)
  }
}

/// The gradient of a scalar with respect to one symbol.
public func gradient(of y: Symbol, by source: Symbol) -> Symbol {
  gradient(of: y, by: [source])[0]
}

/// Reverse mode: the vector-Jacobian product `Σ cotangent · ∂y/∂x` for each source, or `nil` where
/// `y` does not depend on it.
public func pullback(of y: Symbol, by sources: [Symbol], cotangent: Symbol) -> [Symbol?] {
  ensure(
    cotangent.shape == y.shape, "pullback: a cotangent \(cotangent.type) does not fit \(y.type)")
  let order = topologicalOrder(of: [y])
  let relevant = dependents(on: sources, in: order)
  let isSource = Set(sources)
  var cotangents: [Symbol: Symbol] = [y: cotangent]

  for symbol in order.reversed() where relevant.contains(symbol) && !isSource.contains(symbol) {
    guard let primitive = symbol.primitive, let cotangent = cotangents.removeValue(forKey: symbol)
    else { continue }
    let contributions = primitive.pullback(cotangent, operands: symbol.operands, result: symbol)
    assert(contributions.count == symbol.operands.count)
    for (operand, contribution) in zip(symbol.operands, contributions) {
      guard let contribution, relevant.contains(operand) else { continue }
      assert(
        contribution.shape == operand.shape,
        "the pullback of \(primitive.name) gave \(contribution.type) for \(operand.type)")
      cotangents[operand] = cotangents[operand].map { $0 + contribution } ?? contribution
    }
  }
  return sources.map { cotangents[$0] }
}
