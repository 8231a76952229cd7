import Tensors

/// The sine of each element, in radians.
struct Sine: UnaryElementwise {
  @inline(__always)
  func value<Vector: RealVector>(at x: Vector) -> Vector { Vector.Scalar.sin(x) }
  func derivative(at x: Symbol, result y: Symbol) -> Symbol { x.cos() }
  func vanishes(whereZero isZero: [Bool]) -> Bool { isZero[0] }
}

extension Symbol {
  /// Returns the sine of each element, in radians.
  public func sin() -> Symbol { Sine()(self) }
}
