import Tensors

/// The smooth ramp `log(1 + exp(x))` of each element, which does not overflow.
struct Softplus: UnaryElementwise {
  @inline(__always)
  func value<Vector: RealVector>(at x: Vector) -> Vector { Vector.Scalar.softplus(x) }
  func derivative(at x: Symbol, result y: Symbol) -> Symbol { x.sigmoid() }
}

extension Symbol {
  /// Returns the smooth ramp `log(1 + exp(x))` of each element.
  public func softplus() -> Symbol { Softplus()(self) }
}
