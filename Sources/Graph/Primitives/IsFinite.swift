import Tensors

/// A mask: 1 where an element is finite, 0 where it is infinite or NaN.
///
/// The derivative is zero.
struct IsFinite: UnaryElementwise {
  func value<Scalar: RealScalar>(at x: SIMD8<Scalar>) -> SIMD8<Scalar> {
    // A finite number times zero is zero; infinity and NaN give NaN, which equals nothing.
    SIMD8(repeating: 0).replacing(with: 1, where: x * 0 .== SIMD8(repeating: 0))
  }

  func derivative(at x: Symbol, result y: Symbol) -> Symbol { .fill(0, x.shape) }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] { [nil] }
}

extension Symbol {
  /// Returns 1 where the elements are finite and 0 elsewhere.
  public func isFinite() -> Symbol { IsFinite()(self) }
}
