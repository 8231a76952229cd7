public import Graph

/// PiNN's gradient Kalman filter: the filter's update for a single direction of mean errors.
///
///     g₁ = ∂⟨|ξ'|⟩/∂w        g₂ = ∂⟨ξ'²⟩/∂w        k = P g₁ / (1/η + g₁ᵀ P g₁)
///     w ← w - η/2 (P g₂ - k g₁ᵀ P g₂)               P ← P - k (P g₁)ᵀ + Q
///
/// where ξ' = √m ξ are the errors without the factor 1/√m. For a single label it equals the extended
/// Kalman filter; for more it costs a gradient instead of a Jacobian.
public struct GradientKalmanFilter: Optimizer, Hashable {
  /// `gradientEKF`.
  public static let kind = "gradientEKF"

  /// The learning rate η.
  public var learningRate: ValueSchedule
  /// The noise q of the process, added to the diagonal of P.
  public var processNoise: ValueSchedule
  /// The number ε of `P(0) = I/ε`.
  public var epsilon: Double

  /// Makes a filter.
  public init(
    learningRate: ValueSchedule, processNoise: ValueSchedule = .constant(0), epsilon: Double = 1
  ) {
    self.learningRate = learningRate
    self.processNoise = processNoise
    self.epsilon = epsilon
  }

  /// The covariance P of the parameters as a full matrix [n, n], for a program that runs on the state of
  /// a training run.
  public func covariance(of parameters: ParameterVector) -> Symbol {
    covariance(parameters.count).value
  }

  private func covariance(_ n: Int) -> Covariance {
    Covariance(count: n, epsilon: epsilon)
  }

  /// One step: the weights, the covariance and the count of steps.
  public func step(for objective: Objective) -> Step {
    let counter = StepCounter()
    let covariance = covariance(objective.parameters.count)
    let errors = objective.errors
    let eta = learningRate.value(at: counter.value)
    let rootOfCount = Symbol.fill(1, errors.shape).sum().squareRoot()
    let g1 = objective.gradient(of: errors.absolute().sum() / rootOfCount)
    let g2 = objective.gradient(of: objective.squaredError)

    let products = covariance.product(.stacking([g1, g2], axis: 0))
    let (p1, p2) = (
      products.slice(0, count: 1).flattened(), products.slice(1, count: 1).flattened()
    )
    let innovation = 1 / eta + (g1 * p1).sum()
    let change = eta / 2 * (p2 - p1 * ((g1 * p2).sum() / innovation))
    let rows = (p1 / innovation.squareRoot()).inserting(axis: 0)
    var updates = objective.parameters.updates(to: objective.parameters.value - change)
    updates.merge(
      covariance.reduced(by: rows, noise: processNoise.value(at: counter.value))
    ) { $1 }
    updates[counter.variable] = counter.next
    return Step(
      updates: updates, monitors: [Monitor("learningRate", eta), Monitor("innovation", innovation)])
  }
}

extension GradientKalmanFilter {
  /// P(0).
  public func initialOption(differingFrom other: Self) -> String? {
    epsilon == other.epsilon ? nil : "epsilon"
  }

  private enum CodingKeys: String, CodingKey { case learningRate, processNoise, epsilon }

  /// Decodes a filter; an absent key means the value of `init`, for the learning rate 1.
  ///
  /// Throws `DecodingError` for a value out of range.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(learningRate: try container.decode(.learningRate, default: .constant(1)))
    processNoise = try container.decode(.processNoise, default: processNoise)
    epsilon = try container.decode(.epsilon, default: epsilon)
    try container.requirePositive(learningRate, .learningRate)
    try container.requireNotNegative(processNoise, .processNoise)
    try container.requirePositive(epsilon, .epsilon)
  }

  /// Encodes all keys.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(learningRate, forKey: .learningRate)
    try container.encode(processNoise, forKey: .processNoise)
    try container.encode(epsilon, forKey: .epsilon)
  }
}
