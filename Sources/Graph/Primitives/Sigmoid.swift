import Tensors

/// The logistic function `1 / (1 + exp(-x))` of each element.
struct Sigmoid: UnaryElementwise {
  @inline(__always)
  func value<Scalar: RealScalar>(at x: SIMD8<Scalar>) -> SIMD8<Scalar> { Scalar.sigmoid(x) }
  func derivative(at x: Symbol, result y: Symbol) -> Symbol { y * (1 - y) }
}

extension Symbol {
  /// Returns the logistic function `1 / (1 + exp(-x))` of each element.
  public func sigmoid() -> Symbol { Sigmoid()(self) }
}
