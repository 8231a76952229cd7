import Tensors

/// The exponential less one, `exp(x) - 1`, of each element, accurate for small `x`.
///
/// Between -1 and 1 it is `2 t / (1 - t)` with `t = tanh(x / 2)`, where nothing cancels.
struct Expm1: UnaryElementwise {
  @inline(__always)
  func value<Scalar: RealScalar>(at x: SIMD8<Scalar>) -> SIMD8<Scalar> {
    let t = Scalar.tanh(x / 2)
    return Scalar.select(
      2 * t / (1 - t), where: Scalar.abs(x), isLessThan: SIMD8(repeating: 1),
      otherwise: Scalar.exp(x) - 1)
  }

  func derivative(at x: Symbol, result y: Symbol) -> Symbol { x.exp() }
  func vanishes(whereZero isZero: [Bool]) -> Bool { isZero[0] }
}

extension Symbol {
  /// Returns `exp(x) - 1` of each element, accurate for small `x`.
  public func expm1() -> Symbol { Expm1()(self) }
}
