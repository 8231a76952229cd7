import Tensors

/// The angle in [0, π] whose cosine is the element.
///
/// NaN outside [-1, 1]; the derivative is infinite at both ends.
struct ArcCosine: UnaryElementwise {
  @inline(__always)
  func value<Vector: RealVector>(at x: Vector) -> Vector { Vector.Scalar.acos(x) }
  func derivative(at x: Symbol, result y: Symbol) -> Symbol {
    -1 / ((1 - x) * (1 + x)).squareRoot()
  }
}

extension Symbol {
  /// Returns the angle in [0, π] whose cosine is the element; NaN outside [-1, 1].
  public func acos() -> Symbol { ArcCosine()(self) }
}
