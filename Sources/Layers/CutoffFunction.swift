/// The shape with which a descriptor fades out towards its cutoff radius `r_c`.
///
/// Every shape is 0 from `r_c` on. With `x = (r - α r_c) / (r_c - α r_c)` between the inner cutoff
/// `α r_c` and `r_c`, and 1 below the inner cutoff. The raw value is n2p2's `cutoff_type`.
///
/// Source: A. Singraber, J. Behler, C. Dellago, J. Chem. Theory Comput. 15, 1827 (2019).
public enum CutoffFunction: Int, CaseIterable, Hashable, Sendable, Codable {
  /// `f = 1`, with a step at the cutoff; n2p2's type 0.
  case hard = 0
  /// `f = (cos πx + 1) / 2`; n2p2's type 1.
  case cosine = 1
  /// `f = tanh³(1 - r/r_c)`, so `f(0) = tanh³ 1 ≈ 0.4417`; the inner cutoff has no effect; n2p2's
  /// type 2.
  case tanhCubed = 2
  /// `f = tanh³(1 - r/r_c) / tanh³ 1`; the inner cutoff has no effect; n2p2's type 3.
  case normalizedTanhCubed = 3
  /// `f = exp(1 - 1/(1 - x²))`; n2p2's type 4.
  case exponential = 4
  /// `f = 1 + x² (2x - 3)`, one continuous derivative; n2p2's type 5.
  case polynomial1 = 5
  /// `f = 1 + x³ (x (15 - 6x) - 10)`, two continuous derivatives; n2p2's type 6.
  case polynomial2 = 6
  /// `f = 1 + x⁴ (x (x (20x - 70) + 84) - 35)`, three continuous derivatives; n2p2's type 7.
  case polynomial3 = 7
  /// `f = 1 + x⁵ (x (x (x (315 - 70x) - 540) + 420) - 126)`, four continuous derivatives; n2p2's
  /// type 8.
  case polynomial4 = 8

  /// Whether the shape heeds an inner cutoff: the two hyperbolic tangents and the hard one do not.
  public var usesInnerCutoff: Bool {
    switch self {
    case .hard, .tanhCubed, .normalizedTanhCubed: false
    case .cosine, .exponential, .polynomial1, .polynomial2, .polynomial3, .polynomial4: true
    }
  }
}
