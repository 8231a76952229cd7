import Tensors

extension SymmetryFunctionConstants.Power {
  /// `2^(1-ζ) (1 + λ cos θ)^ζ` for eight angles.
  @inline(__always)
  func value(at cosine: SIMD8<Scalar>) -> SIMD8<Scalar> {
    let base = SIMD8(repeating: 1).addingProduct(cosine, SIMD8(repeating: lambda))
    guard integer > 0 else {
      return Scalar.power(notNegative(base), SIMD8(repeating: zeta)) * scale
    }
    return multiplied(base, integer - 1) * (base * scale)
  }

  /// The value and its derivative by the cosine.
  @inline(__always)
  func valueAndDerivative(
    at cosine: SIMD8<Scalar>
  ) -> (value: SIMD8<Scalar>, derivative: SIMD8<Scalar>) {
    let base = SIMD8(repeating: 1).addingProduct(cosine, SIMD8(repeating: lambda))
    guard integer > 0 else {
      let base = notNegative(base)
      let zero = SIMD8<Scalar>(repeating: 0)
      let value = Scalar.power(base, SIMD8(repeating: zeta)) * scale
      let derivative = value * (zeta * lambda) / base
      return (value, Scalar.select(derivative, where: zero, isLessThan: base, otherwise: zero))
    }
    let lower = multiplied(base, integer - 1) * scale
    return (lower * base, lower * (zeta * lambda))
  }

  /// Rounding must not make the base of a fractional power negative.
  @inline(__always)
  private func notNegative(_ base: SIMD8<Scalar>) -> SIMD8<Scalar> {
    Scalar.maximum(base, SIMD8(repeating: 0))
  }

  @inline(__always)
  private func multiplied(_ base: SIMD8<Scalar>, _ exponent: Int) -> SIMD8<Scalar> {
    var result = SIMD8<Scalar>(repeating: 1)
    var square = base
    var rest = exponent
    while rest > 0 {
      if rest & 1 == 1 { result *= square }
      square *= square
      rest >>= 1
    }
    return result
  }
}
