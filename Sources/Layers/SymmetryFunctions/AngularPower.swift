import Tensors

extension SymmetryFunctionConstants.Power {
  typealias Column = UnsafeMutablePointer<Scalar>

  /// `2^(1-ζ) (1 + λ cos θ)^ζ` and its derivative by the cosine for a vector of angles, with a whole ζ.
  @inline(__always)
  func whole(
    _ exponent: Int, at cosine: Scalar.Vector
  ) -> (value: Scalar.Vector, derivative: Scalar.Vector) {
    let base = Scalar.Vector(repeating: 1).addingProduct(cosine, Scalar.Vector(repeating: lambda))
    var lower = Scalar.Vector(repeating: scale)
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
    at cosine: Scalar.Vector
  ) -> (value: Scalar.Vector, derivative: Scalar.Vector) {
    let zero = Scalar.Vector(repeating: 0)
    // Rounding must not make the base of a fractional power negative.
    let base = Scalar.maximum(
      Scalar.Vector(repeating: 1).addingProduct(cosine, Scalar.Vector(repeating: lambda)), zero)
    let value = Scalar.power(base, Scalar.Vector(repeating: zeta)) * scale
    let derivative = value * (zeta * lambda) / base
    return (value, Scalar.select(derivative, where: zero, isLessThan: base, otherwise: zero))
  }

  /// A window of the angle and its derivative by the cosine.
  ///
  /// At 0 and 180 degrees the derivative of every window is zero, and stays so.
  @inline(__always)
  func windowed(
    _ window: CompactWindow, at cosine: Scalar.Vector
  ) -> (value: Scalar.Vector, derivative: Scalar.Vector) {
    let one = Scalar.Vector(repeating: 1)
    let cosine = Scalar.maximum(Scalar.minimum(cosine, one), 0 - one)
    let (value, derivative) = window.valueAndDerivative(at: Scalar.acos(cosine))
    let square = Scalar.maximum(
      1 - cosine * cosine, Scalar.Vector(repeating: Scalar.leastNormalMagnitude))
    return (value, 0 - derivative / Scalar.squareRoot(square))
  }

  /// The angular part and its derivative by the cosine, whatever it is.
  func valueAndDerivative(
    at cosine: Scalar.Vector
  ) -> (value: Scalar.Vector, derivative: Scalar.Vector) {
    if let window { return windowed(window, at: cosine) }
    return integer > 0 ? whole(integer, at: cosine) : fractional(at: cosine)
  }

  /// Computes powers of some vectors; with a literal exponent a few products each.
  @inline(__always)
  func computeWhole(
    _ exponent: Int, _ cosine: Column, _ count: Int, _ value: Column, _ derivative: Column
  ) {
    for number in 0..<count {
      let result = whole(exponent, at: cosine.lanes(at: Scalar.lanes * number))
      value.setLanes(result.value, at: Scalar.lanes * number)
      derivative.setLanes(result.derivative, at: Scalar.lanes * number)
    }
  }

  /// Computes angular parts of some vectors, whatever they are.
  func computeAny(
    _ cosine: Column, _ count: Int, _ value: Column, _ derivative: Column
  ) {
    for number in 0..<count {
      let result = valueAndDerivative(at: cosine.lanes(at: Scalar.lanes * number))
      value.setLanes(result.value, at: Scalar.lanes * number)
      derivative.setLanes(result.derivative, at: Scalar.lanes * number)
    }
  }
}
