import Graph
import Tensors

/// SPRING: the dual Gauss-Newton method with momentum (Goldshlager, Abrahamsen and Lin 2024,
/// arXiv:2401.10190).
///
///     φ ← μ φ + Jᵀ (J Jᵀ + λ)⁻¹ (ξ - μ J φ)        w ← w - η φ
///
/// with errors ξ [m] and their Jacobian J [m, n]: φ is the vector nearest to μ φ that explains the errors of
/// the step up to λ. It keeps n numbers where a Kalman filter keeps n². With μ = 0 and η = 1 it is the
/// extended Kalman filter whose P is put back to `P(0) = I/ε` before each step, for `λ = ε R`.
public struct Spring: Optimizer, Hashable {
  /// `spring`.
  public static let kind = "spring"

  /// The learning rate η.
  public var learningRate: ValueSchedule
  /// The momentum μ.
  public var momentum: Double
  /// The damping λ, in the unit of `J Jᵀ`.
  public var damping: ValueSchedule
  /// The largest norm of the change of all weights, if it is bounded.
  public var clipNorm: Double?

  /// Makes SPRING, by default with η = 0.05, μ = 0.99 and λ = 10⁻³, the paper's.
  public init(
    learningRate: ValueSchedule = .constant(0.05), momentum: Double = 0.99,
    damping: ValueSchedule = .constant(1e-3), clipNorm: Double? = nil
  ) {
    self.learningRate = learningRate
    self.momentum = momentum
    self.damping = damping
    self.clipNorm = clipNorm
  }

  /// One step: the direction φ, the weights and the count of steps.
  public func step(for objective: Objective) -> Step {
    let counter = StepCounter()
    let n = objective.parameters.count
    let direction = Variable(
      "spring.direction", [n], initializer: .constant(0), isTrainable: false)
    let jacobian = objective.jacobian
    let former = momentum * direction.symbol
    let explained = jacobian.matmul(former.inserting(axis: 1)).reshaped(objective.errors.shape)
    let phi =
      former
      + jacobian.dampedLeastSquares(
        objective.errors - explained, damping: damping.value(at: counter.value))
    let eta = learningRate.value(at: counter.value)
    let (change, norm) = clipped(eta * phi, toNorm: clipNorm)
    var updates = objective.parameters.updates(to: objective.parameters.value - change)
    updates[direction] = phi
    updates[counter.variable] = counter.next
    return Step(
      updates: updates,
      monitors: [Monitor("learningRate", eta), Monitor("changeNorm", norm)],
      remarks: [{ GaussNewtonCost(labels: $0, weights: n).remark }])
  }
}

extension Spring {
  private enum CodingKeys: String, CodingKey { case learningRate, momentum, damping, clipNorm }

  /// Decodes SPRING; an absent key means the value of `init`.
  ///
  /// Throws `DecodingError` for a value out of range.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init()
    learningRate = try container.decode(.learningRate, default: learningRate)
    momentum = try container.decode(.momentum, default: momentum)
    damping = try container.decode(.damping, default: damping)
    clipNorm = try container.decodeIfPresent(Double.self, forKey: .clipNorm)
    try container.requirePositive(learningRate, .learningRate)
    try container.requireFraction(momentum, .momentum)
    try container.requirePositive(damping, .damping)
    if let clipNorm { try container.requirePositive(clipNorm, .clipNorm) }
  }

  /// Encodes all keys, the bound of the change as null if there is none.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(learningRate, forKey: .learningRate)
    try container.encode(momentum, forKey: .momentum)
    try container.encode(damping, forKey: .damping)
    try container.encode(clipNorm, forKey: .clipNorm)
  }
}
