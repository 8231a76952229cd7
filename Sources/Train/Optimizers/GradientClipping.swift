import Graph

/// The gradient scaled down to a norm of at most `bound`: `g · bound / max(|g|, bound)`.
///
/// The norm is that of the whole gradient, not of each variable (TensorFlow's `global_clipnorm`).
func clipped(_ gradient: Symbol, toNorm bound: Double?) -> (gradient: Symbol, norm: Symbol) {
  let norm = (gradient * gradient).sum().squareRoot()
  guard let bound else { return (gradient, norm) }
  return (gradient * (bound / norm.maximum(bound)), norm)
}
