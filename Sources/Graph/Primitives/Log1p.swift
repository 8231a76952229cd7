import Tensors

/// The logarithm `log(1 + x)` of each element, accurate for small `x`.
struct Log1p: UnaryElementwise {
  @inline(__always)
  func value<Vector: RealVector>(at x: Vector) -> Vector { Vector.Scalar.log1p(x) }
  func derivative(at x: Symbol, result y: Symbol) -> Symbol { 1 / (1 + x) }
  func vanishes(whereZero isZero: [Bool]) -> Bool { isZero[0] }
}

extension Symbol {
  /// Returns `log(1 + x)` of each element, accurate for small `x`.
  public func log1p() -> Symbol { Log1p()(self) }
}
