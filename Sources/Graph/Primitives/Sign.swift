import Tensors

/// The sign of each element: -1, 0 or 1, NaN for NaN.
///
/// The derivative is zero, at the jump too.
struct Sign: UnaryElementwise {
  @inline(__always)
  func value<Vector: RealVector>(at x: Vector) -> Vector {
    eachLane(x) { $0 > 0 ? 1 : ($0 < 0 ? -1 : $0) }
  }

  func derivative(at x: Symbol, result y: Symbol) -> Symbol { .fill(0, x.shape) }
  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] { [nil] }
  func vanishes(whereZero isZero: [Bool]) -> Bool { isZero[0] }
}

extension Symbol {
  /// Returns the sign of each element, -1, 0 or 1, as a constant for derivatives.
  public func sign() -> Symbol { Sign()(self) }
}
