import Tensors

/// The square root of each element.
///
/// NaN below zero; the derivative is infinite at zero.
struct SquareRoot: UnaryElementwise {
  @inline(__always)
  func value<Vector: RealVector>(at x: Vector) -> Vector { Vector.Scalar.squareRoot(x) }
  func derivative(at x: Symbol, result y: Symbol) -> Symbol { 0.5 / y }
  func vanishes(whereZero isZero: [Bool]) -> Bool { isZero[0] }
}

extension Symbol {
  /// Returns the square root of each element.
  public func squareRoot() -> Symbol { SquareRoot()(self) }
}
