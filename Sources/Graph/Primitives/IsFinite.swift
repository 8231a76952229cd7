import Tensors

/// A mask: 1 where an element is a finite number, 0 where it is infinite or NaN.
///
/// The derivative is zero.
struct IsFinite: UnaryElementwise {
  @inline(__always)
  func value<Vector: RealVector>(at x: Vector) -> Vector {
    // Only infinities and NaN give no zero when subtracted from themselves.
    eachLane(x) { $0 - $0 == 0 ? 1 : 0 }
  }

  func derivative(at x: Symbol, result y: Symbol) -> Symbol { .fill(0, x.shape) }
  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] { [nil] }
}

extension Symbol {
  /// Returns 1 where an element is a finite number and 0 elsewhere.
  public func isFinite() -> Symbol { IsFinite()(self) }
}
