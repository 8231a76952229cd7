import Graph
import Tensors

/// The method of Levenberg and Marquardt with Nielsen's rule for its damping (Nielsen 1999; Madsen, Nielsen
/// and Tingleff 2004, algorithm 3.16).
///
///     δ = (Jᵀ J + μ)⁻¹ Jᵀ ξ        ρ = (|ξ(w)|² - |ξ(w - δ)|²) / δᵀ (μ δ + Jᵀ ξ)
///
/// If the loss falls, `w ← w - δ`, `μ ← μ max(1/3, 1 - (2ρ - 1)³)` and `ν ← 2`; else the weights stay,
/// `μ ← μ ν` and `ν ← 2ν`. The gain ρ compares the loss with what a linear model of the errors promises. It
/// wants many labels a step, the same ones or others each time.
public struct LevenbergMarquardt: Optimizer, Hashable {
  /// `levenbergMarquardt`.
  public static let kind = "levenbergMarquardt"

  /// The damping μ before the first step, in the unit of `Jᵀ J`.
  public var damping: Double

  /// Makes the method, by default with μ = 0.1, aenet's.
  public init(damping: Double = 0.1) { self.damping = damping }

  /// The bounds of μ and of ν, which rejected steps at a minimum would raise without end.
  private static let (dampingRange, largestGrowth) = (1e-12...1e12, 1024.0)

  /// One step: the weights, the damping and its growth, and the count of steps.
  public func step(for objective: Objective) -> Step {
    let counter = StepCounter()
    let n = objective.parameters.count
    let (mu, nu) = (Self.variable("damping", damping), Self.variable("growth", 2))
    let jacobian = objective.jacobian
    let errors = objective.errors
    let change = jacobian.dampedLeastSquares(errors, damping: mu.symbol)
    let slope = errors.inserting(axis: 0).matmul(jacobian).flattened()
    let promised = (change * (mu.symbol * change + slope)).sum()
    let before = objective.squaredError
    let after = objective.moved(by: -change).squaredError
    // A loss that is no number does not fall.
    let falls = after.isLessOrEqual(to: before)
    let gain = (before - after) / promised.maximum(1e-30)
    let excess = 2 * gain - 1
    let factor = falls.select(
      (1 - excess * excess * excess).maximum(1.0 / 3), nu.symbol)
    let accepted = falls.selected(change)
    var updates = objective.parameters.updates(to: objective.parameters.value - accepted)
    updates[mu] = (mu.symbol * factor)
      .maximum(Self.dampingRange.lowerBound).minimum(Self.dampingRange.upperBound)
    updates[nu] = falls.select(
      .fill(2, .scalar), (2 * nu.symbol).minimum(Self.largestGrowth))
    updates[counter.variable] = counter.next
    return Step(
      updates: updates,
      monitors: [
        Monitor("damping", mu.symbol), Monitor("gain", gain), Monitor("isAccepted", falls),
      ], remarks: [{ GaussNewtonCost(labels: $0, weights: n).remark }])
  }

  private static func variable(_ suffix: String, _ value: Double) -> Variable {
    Variable("\(kind).\(suffix)", [], initializer: .constant(value), isTrainable: false)
  }
}

extension LevenbergMarquardt {
  /// The first μ.
  public func initialOption(differingFrom other: Self) -> String? {
    damping == other.damping ? nil : "damping"
  }

  private enum CodingKeys: String, CodingKey { case damping }

  /// Decodes the method; an absent key means the value of `init`.
  ///
  /// Throws `DecodingError` for a damping that is not above zero.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init()
    damping = try container.decode(.damping, default: damping)
    try container.requirePositive(damping, .damping)
  }
}
