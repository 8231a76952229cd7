public import Graph

/// The gradient g scaled down to a norm of at most `bound`, `g · bound / max(|g|, bound)`, and its norm
/// |g| before.
///
/// The gradient is a vector [n], and the norm that of all parameters together, not of each variable
/// (TensorFlow's `global_clipnorm`). The bound is above zero; without one the gradient stays as it is.
public func clipped(
  _ gradient: Symbol, toNorm bound: Double?
) -> (gradient: Symbol, norm: Symbol) {
  let norm = (gradient * gradient).sum().squareRoot()
  guard let bound else { return (gradient, norm) }
  return (gradient * (bound / norm.maximum(bound)), norm)
}
