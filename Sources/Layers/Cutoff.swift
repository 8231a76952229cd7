public import Tensors

/// A cutoff function with its radius, `f_c(r)`: a smooth window that is 0 for `r >= radius`.
///
/// The radius is in the length unit of the value's owner; nothing here converts.
public struct Cutoff: Hashable, Sendable, Codable {
  /// The shape of the window.
  public let function: CutoffFunction
  /// The distance `r_c` from which on the window is 0.
  public let radius: Double
  /// The fraction `α` of the radius below which the window is 1, with `0 <= α < 1`.
  public let innerFraction: Double

  /// Makes a window of the given shape that ends at `radius`.
  public init(_ function: CutoffFunction, radius: Double, innerFraction: Double = 0) {
    ensure(
      radius > 0 && radius.isFinite, "Cutoff: the radius must be positive, not \(radius)")
    ensure(
      innerFraction >= 0 && innerFraction < 1,
      "Cutoff: the inner fraction must be in 0 ..< 1, not \(innerFraction)")
    self.function = function
    self.radius = radius
    self.innerFraction = innerFraction
  }

  /// Decodes a window.
  ///
  /// Throws `DecodingError` for a radius that is not positive and an inner fraction outside 0 ..< 1.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let radius = try container.decode(Double.self, forKey: .radius)
    let innerFraction = try container.decode(Double.self, forKey: .innerFraction)
    try container.check(radius > 0 && radius < 1e6, .radius, "\(radius) is no radius")
    try container.check(
      (0..<1).contains(innerFraction), .innerFraction, "\(innerFraction) is not in 0 ..< 1")
    self.init(
      try container.decode(CutoffFunction.self, forKey: .function), radius: radius,
      innerFraction: innerFraction)
  }

  /// Returns the same window with every length multiplied by `factor`.
  public func scaled(byLength factor: Double) -> Cutoff {
    Cutoff(function, radius: radius * factor, innerFraction: innerFraction)
  }

  /// Returns `f_c(r)` and `df_c/dr` at a vector of distances, both 0 where `r >= radius`.
  @inline(__always)
  public func valueAndDerivative<Vector: RealVector>(at r: Vector) -> (
    value: Vector, derivative: Vector
  ) {
    let (value, derivative) = shape(at: r)
    let (end, zero) = (Vector(repeating: Vector.Scalar(radius)), Vector(repeating: 0))
    return (
      Vector.Scalar.select(value, where: r, isLessThan: end, otherwise: zero),
      Vector.Scalar.select(derivative, where: r, isLessThan: end, otherwise: zero)
    )
  }

  /// Returns `f_c(r)` and `df_c/dr` at one distance.
  public func valueAndDerivative<Scalar: RealScalar>(
    at r: Scalar
  ) -> (value: Scalar, derivative: Scalar) {
    let (value, derivative) = valueAndDerivative(at: Scalar.Vector(repeating: r))
    return (value[0], derivative[0])
  }

  /// The shape and its derivative inside the cutoff; beyond it the numbers mean nothing.
  @inline(__always)
  private func shape<Vector: RealVector>(at r: Vector) -> (value: Vector, derivative: Vector) {
    switch function {
    case .hard:
      return (Vector(repeating: 1), Vector(repeating: 0))
    case .tanhCubed:
      return tanhCubed(at: r, height: 1)
    case .normalizedTanhCubed:
      let atZero = Vector.Scalar.tanhWithinOne(Vector(repeating: 1))[0]
      return tanhCubed(at: r, height: 1 / (atZero * atZero * atZero))
    case .cosine, .exponential, .polynomial1, .polynomial2, .polynomial3, .polynomial4:
      let inner = Vector.Scalar(innerFraction * radius)
      let slope = 1 / (Vector.Scalar(radius) - inner)
      let x = Vector.Scalar.minimum(
        Vector.Scalar.maximum((r - inner) * slope, Vector(repeating: 0)), Vector(repeating: 1))
      let (value, derivative) = function.fade(at: x)
      return (value, derivative * slope)
    }
  }

  /// `h t³` and `3 h t² (t² - 1) / r_c` with `t = tanh(1 - r/r_c)`.
  @inline(__always)
  private func tanhCubed<Vector: RealVector>(
    at r: Vector, height: Vector.Scalar
  ) -> (value: Vector, derivative: Vector) {
    let inverse = 1 / Vector.Scalar(radius)
    let t = Vector.Scalar.tanhWithinOne(1 - r * inverse)
    let squared = t * t
    return (height * squared * t, 3 * height * inverse * squared * (squared - 1))
  }
}

extension CutoffFunction {
  /// The shapes in `0 <= x <= 1`, with the derivative by `x`.
  ///
  /// The polynomials are written as `(1 - x)^n` times a polynomial of positive terms, the same
  /// functions without the cancellation near the cutoff.
  func fade<Vector: RealVector>(at x: Vector) -> (value: Vector, derivative: Vector) {
    let y = 1 - x
    let slope = x * y
    switch self {
    case .cosine:
      // cos(π x) is the sine of what is left of a quarter turn, and the other way round.
      let (value, slope) = Vector.Scalar.sineAndCosineOfHalfTurns(0.5 - x)
      return ((value + 1) * 0.5, slope * (-0.5 * Vector.Scalar.pi))
    case .exponential:
      // The floor keeps the quotient finite at x = 1, where the exponential has long been 0.
      let rest = Vector.Scalar.maximum(y * (1 + x), Vector(repeating: 1e-6))
      let quotient = 1 / rest
      let value = Vector.Scalar.exp(1 - quotient)
      return (value, value * x * quotient * quotient * -2)
    case .polynomial1:
      return (y * y * (1 + x * 2), slope * -6)
    case .polynomial2:
      let terms: Vector = 1 + x * (3 + x * 6)
      return (y * y * y * terms, slope * slope * -30)
    case .polynomial3:
      let upper: Vector = 10 + x * 20
      let terms: Vector = 1 + x * (4 + x * upper)
      let square = y * y
      return (square * square * terms, slope * slope * slope * -140)
    case .polynomial4:
      let upper: Vector = 15 + x * (35 + x * 70)
      let terms: Vector = 1 + x * (5 + x * upper)
      let square = y * y
      let slopeSquare = slope * slope
      return (square * square * y * terms, slopeSquare * slopeSquare * -630)
    case .hard, .tanhCubed, .normalizedTanhCubed:
      trap("CutoffFunction: \(self) is not a function of x")
    }
  }
}
