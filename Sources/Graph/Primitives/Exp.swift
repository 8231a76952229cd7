import Tensors

/// The exponential of each element.
struct Exp: UnaryElementwise {
  @inline(__always)
  func value<Scalar: RealScalar>(at x: SIMD8<Scalar>) -> SIMD8<Scalar> { Scalar.exp(x) }
  func derivative(at x: Symbol, result y: Symbol) -> Symbol { y }
}

extension Symbol {
  /// Returns `e` to the power of each element.
  public func exp() -> Symbol { Exp()(self) }
}
