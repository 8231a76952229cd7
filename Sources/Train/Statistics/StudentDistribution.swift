import Foundation

/// Student's t distribution with ν degrees of freedom, which need not be whole.
///
///     P(|T| > t) = I_x(ν/2, 1/2),  x = ν / (ν + t²)
///
/// with the regularised incomplete beta function I, as a continued fraction (Press et al., Numerical
/// Recipes, section 6.4).
public struct StudentDistribution: Sendable, Hashable {
  /// The degrees of freedom ν, above zero.
  public let degreesOfFreedom: Double

  /// Makes the distribution.
  public init(degreesOfFreedom: Double) { self.degreesOfFreedom = degreesOfFreedom }

  /// The probability of a value at least as far from zero as t.
  public func twoSidedTail(_ t: Double) -> Double {
    guard t.isFinite else { return t.isNaN ? .nan : 0 }
    let nu = degreesOfFreedom
    return Self.incompleteBeta(nu / 2, 0.5, at: nu / (nu + t * t))
  }

  /// The t whose two-sided tail is `1 - confidence`, such as 1.96 at 0.95 for many degrees of freedom.
  public func quantile(confidence: Double) -> Double {
    var (low, high) = (0.0, 1.0)
    while twoSidedTail(high) > 1 - confidence, high < 1e8 { high *= 2 }
    for _ in 0..<200 {
      let middle = (low + high) / 2
      if twoSidedTail(middle) > 1 - confidence { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// The regularised incomplete beta function `I_x(a, b)`.
  static func incompleteBeta(_ a: Double, _ b: Double, at x: Double) -> Double {
    guard x > 0 else { return 0 }
    guard x < 1 else { return 1 }
    let front = exp(
      lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    return x < (a + 1) / (a + b + 2)
      ? front * betaFraction(a, b, x) / a : 1 - front * betaFraction(b, a, 1 - x) / b
  }

  /// The continued fraction of the incomplete beta function by the method of Lentz.
  private static func betaFraction(_ a: Double, _ b: Double, _ x: Double) -> Double {
    let smallest = 1e-300
    func guarded(_ value: Double) -> Double { abs(value) < smallest ? smallest : value }
    var c = 1.0
    var d = 1 / guarded(1 - (a + b) * x / (a + 1))
    var result = d
    for step in 1...500 {
      let m = Double(step)
      let even = m * (b - m) * x / ((a - 1 + 2 * m) * (a + 2 * m))
      d = 1 / guarded(1 + even * d)
      c = guarded(1 + even / c)
      result *= d * c
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 1 + 2 * m))
      d = 1 / guarded(1 + odd * d)
      c = guarded(1 + odd / c)
      result *= d * c
      if abs(d * c - 1) < 1e-16 { break }
    }
    return result
  }
}
