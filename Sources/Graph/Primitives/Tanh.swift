import Tensors

/// The hyperbolic tangent of each element.
struct Tanh: UnaryElementwise {
  @inline(__always)
  func value<Vector: RealVector>(at x: Vector) -> Vector { Vector.Scalar.tanh(x) }
  func derivative(at x: Symbol, result y: Symbol) -> Symbol { 1 - y * y }
  func vanishes(whereZero isZero: [Bool]) -> Bool { isZero[0] }
}

extension Symbol {
  /// Returns the hyperbolic tangent of each element.
  public func tanh() -> Symbol { Tanh()(self) }
}
