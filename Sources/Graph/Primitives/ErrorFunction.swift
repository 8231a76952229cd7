import Tensors

/// The error function `2/√π ∫₀ˣ exp(-t²) dt` of each element.
struct ErrorFunction: UnaryElementwise {
  @inline(__always)
  func value<Vector: RealVector>(at x: Vector) -> Vector { Vector.Scalar.erf(x) }
  func derivative(at x: Symbol, result y: Symbol) -> Symbol {
    (2 / Double.pi.squareRoot()) * (-(x * x)).exp()
  }
  func vanishes(whereZero isZero: [Bool]) -> Bool { isZero[0] }
}

extension Symbol {
  /// Returns the error function of each element.
  public func erf() -> Symbol { ErrorFunction()(self) }
}
