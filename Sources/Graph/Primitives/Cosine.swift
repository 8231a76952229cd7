import Tensors

/// The cosine of each element, in radians.
struct Cosine: UnaryElementwise {
  @inline(__always)
  func value<Scalar: RealScalar>(at x: SIMD8<Scalar>) -> SIMD8<Scalar> { Scalar.cos(x) }
  func derivative(at x: Symbol, result y: Symbol) -> Symbol { -x.sin() }
}

extension Symbol {
  /// Returns the cosine of each element, in radians.
  public func cos() -> Symbol { Cosine()(self) }
}
