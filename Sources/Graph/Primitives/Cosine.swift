import Tensors

/// The cosine of each element, in radians.
struct Cosine: UnaryElementwise {
  @inline(__always)
  func value<Vector: RealVector>(at x: Vector) -> Vector { Vector.Scalar.cos(x) }
  func derivative(at x: Symbol, result y: Symbol) -> Symbol { -x.sin() }
}

extension Symbol {
  /// Returns the cosine of each element, in radians.
  public func cos() -> Symbol { Cosine()(self) }
}
