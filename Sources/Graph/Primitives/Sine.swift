import Tensors

/// The sine of each element, in radians.
struct Sine: UnaryElementwise {
  @inline(__always)
  func value<Scalar: RealScalar>(at x: SIMD8<Scalar>) -> SIMD8<Scalar> { Scalar.sin(x) }
  func derivative(at x: Symbol, result y: Symbol) -> Symbol { x.cos() }
  func vanishes(whereZero isZero: [Bool]) -> Bool { isZero[0] }
}

extension Symbol {
  /// Returns the sine of each element, in radians.
  public func sin() -> Symbol { Sine()(self) }
}
