import Tensors

extension SymmetryFunctionConstants.Power {
  typealias Column = UnsafeMutablePointer<Scalar>

  /// `2^(1-ζ) (1 + λ cos θ)^ζ` and its derivative by the cosine for eight angles, with a whole ζ.
  @inline(__always)
  func whole(
    _ exponent: Int, at cosine: SIMD8<Scalar>
  ) -> (value: SIMD8<Scalar>, derivative: SIMD8<Scalar>) {
    let base = SIMD8(repeating: 1).addingProduct(cosine, SIMD8(repeating: lambda))
    var lower = SIMD8(repeating: scale)
    var square = base
    var rest = exponent - 1
    while rest > 0 {
      if rest & 1 == 1 { lower *= square }
      rest >>= 1
      if rest > 0 { square *= square }
    }
    return (lower * base, lower * (zeta * lambda))
  }

  /// The same with any ζ.
  @inline(__always)
  func fractional(
    at cosine: SIMD8<Scalar>
  ) -> (value: SIMD8<Scalar>, derivative: SIMD8<Scalar>) {
    let zero = SIMD8<Scalar>(repeating: 0)
    // Rounding must not make the base of a fractional power negative.
    let base = Scalar.maximum(
      SIMD8(repeating: 1).addingProduct(cosine, SIMD8(repeating: lambda)), zero)
    let value = Scalar.power(base, SIMD8(repeating: zeta)) * scale
    let derivative = value * (zeta * lambda) / base
    return (value, Scalar.select(derivative, where: zero, isLessThan: base, otherwise: zero))
  }

  /// A window of the angle and its derivative by the cosine.
  ///
  /// At 0 and 180 degrees the derivative of every window is zero, and stays so.
  @inline(__always)
  func windowed(
    _ window: CompactWindow, at cosine: SIMD8<Scalar>
  ) -> (value: SIMD8<Scalar>, derivative: SIMD8<Scalar>) {
    let one = SIMD8<Scalar>(repeating: 1)
    let cosine = Scalar.maximum(Scalar.minimum(cosine, one), 0 - one)
    let (value, derivative) = window.valueAndDerivative(at: Scalar.acos(cosine))
    let square = Scalar.maximum(
      1 - cosine * cosine, SIMD8(repeating: Scalar.leastNormalMagnitude))
    return (value, 0 - derivative / Scalar.squareRoot(square))
  }

  /// The angular part and its derivative by the cosine, whatever it is.
  func valueAndDerivative(
    at cosine: SIMD8<Scalar>
  ) -> (value: SIMD8<Scalar>, derivative: SIMD8<Scalar>) {
    if let window { return windowed(window, at: cosine) }
    return integer > 0 ? whole(integer, at: cosine) : fractional(at: cosine)
  }

  /// Computes powers of some vectors; with a literal exponent a few products each.
  @inline(__always)
  func computeWhole(
    _ exponent: Int, _ cosine: Column, _ count: Int, _ value: Column, _ derivative: Column
  ) {
    for number in 0..<count {
      let result = whole(exponent, at: cosine.lanes(at: 8 * number))
      value.setLanes(result.value, at: 8 * number)
      derivative.setLanes(result.derivative, at: 8 * number)
    }
  }

  /// Computes angular parts of some vectors, whatever they are.
  func computeAny(
    _ cosine: Column, _ count: Int, _ value: Column, _ derivative: Column
  ) {
    for number in 0..<count {
      let result = valueAndDerivative(at: cosine.lanes(at: 8 * number))
      value.setLanes(result.value, at: 8 * number)
      derivative.setLanes(result.derivative, at: 8 * number)
    }
  }
}
