import Tensors

/// The exponential of each element.
struct Exp: UnaryElementwise {
  @inline(__always)
  func value<Vector: RealVector>(at x: Vector) -> Vector { Vector.Scalar.exp(x) }
  func derivative(at x: Symbol, result y: Symbol) -> Symbol { y }
}

extension Symbol {
  /// Returns `e` to the power of each element.
  public func exp() -> Symbol { Exp()(self) }
}
