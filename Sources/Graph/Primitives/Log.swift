import Tensors

/// The natural logarithm of each element; -∞ at zero, NaN below.
struct Log: UnaryElementwise {
  @inline(__always)
  func value<Vector: RealVector>(at x: Vector) -> Vector { Vector.Scalar.log(x) }
  func derivative(at x: Symbol, result y: Symbol) -> Symbol { 1 / x }
}

extension Symbol {
  /// Returns the natural logarithm of each element.
  public func log() -> Symbol { Log()(self) }
}
