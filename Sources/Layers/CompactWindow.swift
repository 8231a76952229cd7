public import Tensors

/// A bump between two ends, `C(x, x_l, x_u)`: 1 in the middle, smooth, and 0 outside.
///
/// With `t = |2x - x_l - x_u| / (x_u - x_l)`, the distance from the middle, `C = f(t)` for `t < 1`;
/// asymmetric ones fall earlier, `C = f(t (2 - t))`. Ends may lie below 0, as those of a window
/// around 0 do. The units are the owner's.
///
/// Source: M. P. Bircher, A. Singraber, C. Dellago, Mach. Learn.: Sci. Technol. 2, 035026 (2021).
public struct CompactWindow: Hashable, Sendable, Codable {
  /// The fall of `f` from 1 to 0; the raw values are n2p2's names.
  public enum Shape: String, CaseIterable, Hashable, Sendable, Codable {
    /// `f = exp(1 - 1/(1 - t²))`.
    case exponential = "e"
    /// `f = 1 + t² (2t - 3)`.
    case polynomial1 = "p1"
    /// `f = 1 + t³ (t (15 - 6t) - 10)`.
    case polynomial2 = "p2"
    /// `f = 1 + t⁴ (t (t (20t - 70) + 84) - 35)`.
    case polynomial3 = "p3"
    /// `f = 1 + t⁵ (t (t (t (315 - 70t) - 540) + 420) - 126)`.
    case polynomial4 = "p4"

    /// The cutoff function that falls in the same way.
    var cutoffFunction: CutoffFunction {
      switch self {
      case .exponential: .exponential
      case .polynomial1: .polynomial1
      case .polynomial2: .polynomial2
      case .polynomial3: .polynomial3
      case .polynomial4: .polynomial4
      }
    }
  }

  /// The fall of the window.
  public let shape: Shape
  /// Whether it falls earlier, on both sides; exponential ones never do.
  public let isAsymmetric: Bool
  /// The lower end.
  public let lower: Double
  /// The upper end, above the lower one.
  public let upper: Double

  /// Makes a window from its ends.
  public init(_ shape: Shape, isAsymmetric: Bool = false, from lower: Double, to upper: Double) {
    ensure(
      lower < upper && lower.isFinite && upper.isFinite,
      "CompactWindow: the lower end, \(lower), must be below the upper one, \(upper)")
    self.shape = shape
    self.isAsymmetric = isAsymmetric && shape != .exponential
    self.lower = lower
    self.upper = upper
  }

  /// Decodes a window.
  ///
  /// Throws `DecodingError` for a lower end that is not below the upper one.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let lower = try container.decode(Double.self, forKey: .lower)
    let upper = try container.decode(Double.self, forKey: .upper)
    try container.check(
      lower < upper && lower > -1e6 && upper < 1e6, .upper, "\(upper) is no end above \(lower)")
    self.init(
      try container.decode(Shape.self, forKey: .shape),
      isAsymmetric: try container.decode(Bool.self, forKey: .isAsymmetric), from: lower, to: upper)
  }

  /// Returns the same window with both ends multiplied by a positive factor.
  public func scaled(by factor: Double) -> CompactWindow {
    CompactWindow(
      shape, isAsymmetric: isAsymmetric, from: lower * factor, to: upper * factor)
  }

  /// The middle and half the width.
  var middle: Double { (lower + upper) / 2 }
  var halfWidth: Double { (upper - lower) / 2 }

  /// Returns `C(x)` and `dC/dx` at a vector of places, both 0 outside.
  @inline(__always)
  public func valueAndDerivative<Vector: RealVector>(at x: Vector) -> (
    value: Vector, derivative: Vector
  ) {
    let slope = 1 / Vector.Scalar(halfWidth)
    let (zero, one) = (Vector(repeating: 0), Vector(repeating: 1))
    let signed = (x - Vector.Scalar(middle)) * slope
    let t = Vector.Scalar.minimum(Vector.Scalar.abs(signed), one)
    let place = isAsymmetric ? t * (2 - t) : t
    let fade = shape.cutoffFunction.fade(at: place)
    let side = Vector.Scalar.select(
      Vector(repeating: -slope), where: signed, isLessThan: zero,
      otherwise: Vector(repeating: slope))
    let derivative = fade.derivative * side * (isAsymmetric ? 2 - (t + t) : one)
    return (
      Vector.Scalar.select(fade.value, where: t, isLessThan: one, otherwise: zero),
      Vector.Scalar.select(derivative, where: t, isLessThan: one, otherwise: zero)
    )
  }
}
