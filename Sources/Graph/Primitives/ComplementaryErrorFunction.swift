import Tensors

/// The complement `1 - erf(x)` of the error function, accurate where it is small.
struct ComplementaryErrorFunction: UnaryElementwise {
  @inline(__always)
  func value<Vector: RealVector>(at x: Vector) -> Vector { Vector.Scalar.erfc(x) }
  func derivative(at x: Symbol, result y: Symbol) -> Symbol {
    (-2 / Double.pi.squareRoot()) * (-(x * x)).exp()
  }
}

extension Symbol {
  /// Returns the complement of the error function of each element.
  public func erfc() -> Symbol { ComplementaryErrorFunction()(self) }
}
