import Tensors

/// The absolute value of each element; its derivative at zero is taken as zero.
struct Absolute: UnaryElementwise {
  @inline(__always)
  func value<Vector: RealVector>(at x: Vector) -> Vector { Vector.Scalar.abs(x) }
  func derivative(at x: Symbol, result y: Symbol) -> Symbol { x.sign() }
  func vanishes(whereZero isZero: [Bool]) -> Bool { isZero[0] }

  var isArithmetic: Bool { true }
}

extension Symbol {
  /// Returns the absolute value of each element; the derivative at zero is zero.
  public func absolute() -> Symbol { Absolute()(self) }
}
