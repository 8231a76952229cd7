import Graph

/// The correction of some blocks of weights by errors that they explain together, with one innovation.
///
///     A = Σ_b X_b J_bᵀ + R = L Lᵀ        U_b = L⁻¹ X_b        z = L⁻¹ ξ        X_b = J_b P_b
struct KalmanCorrection {
  /// The rows U_b [m, n_b] of each block.
  let rows: [Symbol]
  /// The column z [m, 1].
  let gain: Symbol
  /// The factor L of A.
  let factor: Symbol
  /// The largest element on the diagonal of A.
  let largest: Symbol
  /// The smallest pivot, which R bounds from below as long as P is positive.
  let smallest: Symbol
  /// 1 where all is finite and A is positive as far as rounding can tell, else 0.
  let isGood: Symbol

  /// Solves for products X_b, Jacobians J_b, errors ξ and `R = noise 1`.
  init(_ products: [Symbol], _ jacobians: [Symbol], _ errors: Symbol, _ noise: Symbol) {
    let labels = errors.shape[0]
    let shares = zip(products, jacobians).map { $0.matmul($1, otherTransposed: true) }
    let innovation =
      shares.dropFirst().reduce(shares[0], +) + noise * .identity(labels)
    let factor = innovation.cholesky()
    self.factor = factor
    rows = products.map { factor.triangularSolve($0) }
    gain = factor.triangularSolve(errors.reshaped([labels, 1]))
    let pivots = (factor * .identity(labels)).sum(along: 1).square()
    largest = (innovation * .identity(labels)).sum(along: 1).maximum(along: 0)
    smallest = pivots.minimum(along: 0)
    let isPositive = smallest.isGreater(than: 0.5 * noise - 1e-6 * largest)
    isGood = rows.reduce(allFinite(gain)) { $0 * allFinite($1) } * isPositive
  }

  /// The rows U_b and the changes `U_bᵀ z` of the weights of each block; zeros where a step is rejected.
  func accepted(_ isGood: Symbol) -> [(rows: Symbol, change: Symbol)] {
    let gain = isGood.selected(gain)
    return rows.map { rows in
      let rows = isGood.selected(rows)
      return (rows, gain.matmul(rows, transposed: true).flattened())
    }
  }
}

extension Symbol {
  /// A symbol where this scalar is 1, zeros where it is 0, whatever the symbol holds then.
  func selected(_ symbol: Symbol) -> Symbol {
    broadcast(to: symbol.shape, axes: []).select(symbol, .fill(0, symbol.shape))
  }
}
