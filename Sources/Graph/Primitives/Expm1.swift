import Tensors

/// The exponential less one, `exp(x) - 1`, of each element, accurate for small `x`.
///
/// Between -1 and 1 it is `2 t / (1 - t)` with `t = tanh(x / 2)`, where nothing cancels.
struct Expm1: UnaryElementwise {
  @inline(__always)
  func value<Vector: RealVector>(at x: Vector) -> Vector {
    let t = Vector.Scalar.tanh(x / 2)
    return Vector.Scalar.select(
      2 * t / (1 - t), where: Vector.Scalar.abs(x), isLessThan: Vector(repeating: 1),
      otherwise: Vector.Scalar.exp(x) - 1)
  }

  func derivative(at x: Symbol, result y: Symbol) -> Symbol { x.exp() }
  func vanishes(whereZero isZero: [Bool]) -> Bool { isZero[0] }
}

extension Symbol {
  /// Returns `exp(x) - 1` of each element, accurate for small `x`.
  public func expm1() -> Symbol { Expm1()(self) }
}
