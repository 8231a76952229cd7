import Graph

/// Stochastic gradient descent with momentum: `u ← μ u + g`, `w ← w - η u`, with the gradient g of L₂.
public struct GradientDescent: Optimizer, Hashable {
  /// `sgd`.
  public static let kind = "sgd"

  /// The learning rate η.
  public var learningRate: ValueSchedule
  /// The momentum μ.
  public var momentum: Double
  /// The largest norm of the gradient, if it is clipped.
  public var clipNorm: Double?

  /// Makes gradient descent, by default without momentum and clipping.
  public init(learningRate: ValueSchedule, momentum: Double = 0, clipNorm: Double? = nil) {
    self.learningRate = learningRate
    self.momentum = momentum
    self.clipNorm = clipNorm
  }

  /// One step: the velocity, the weights and the count of steps.
  public func step(for objective: Objective) -> Step {
    let counter = StepCounter()
    let velocity = Variable(
      "gradientDescent.velocity", [objective.parameters.count], initializer: .constant(0),
      isTrainable: false)
    let (gradient, norm) = clipped(
      objective.gradient(of: objective.squaredError), toNorm: clipNorm)
    let eta = learningRate.value(at: counter.value)
    let u = momentum * velocity.symbol + gradient
    var updates = objective.parameters.updates(to: objective.parameters.value - eta * u)
    updates[velocity] = u
    updates[counter.variable] = counter.next
    return Step(
      updates: updates, monitors: [Monitor("gradientNorm", norm), Monitor("learningRate", eta)])
  }
}

extension GradientDescent {
  private enum CodingKeys: String, CodingKey { case learningRate, momentum, clipNorm }

  /// Decodes gradient descent; an absent key means the value of `init`, for the learning rate 10⁻³.
  ///
  /// Throws `DecodingError` for a value out of range.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(learningRate: try container.decode(.learningRate, default: .constant(1e-3)))
    momentum = try container.decode(.momentum, default: momentum)
    clipNorm = try container.decodeIfPresent(Double.self, forKey: .clipNorm)
    try container.requirePositive(learningRate, .learningRate)
    try container.requireFraction(momentum, .momentum)
    if let clipNorm { try container.requirePositive(clipNorm, .clipNorm) }
  }

  /// Encodes all keys, the bound of the norm as null if there is none.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(learningRate, forKey: .learningRate)
    try container.encode(momentum, forKey: .momentum)
    try container.encode(clipNorm, forKey: .clipNorm)
  }
}
