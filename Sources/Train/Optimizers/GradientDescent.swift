import Graph

/// Stochastic gradient descent with momentum: `u ← μ u + g`, `w ← w - η u`, with the gradient g of L₂.
public struct GradientDescent: Optimizer, Hashable {
  /// `sgd`.
  public static let kind = "sgd"

  /// The learning rate η.
  public var learningRate: ValueSchedule
  /// The fall of the learning rate where the validation loss stays, if it falls then.
  public var plateau: Plateau?
  /// The momentum μ.
  public var momentum: Double
  /// The largest norm of the gradient, if it is clipped.
  public var clipNorm: GradientClipping?

  /// Makes gradient descent, by default without momentum and clipping.
  public init(
    learningRate: ValueSchedule, plateau: Plateau? = nil, momentum: Double = 0,
    clipNorm: GradientClipping? = nil
  ) {
    self.learningRate = learningRate
    self.plateau = plateau
    self.momentum = momentum
    self.clipNorm = clipNorm
  }

  /// One step: the velocity, the weights and the count of steps.
  public func step(for objective: Objective) -> Step {
    let step = GradientStep(
      objective, learningRate: learningRate, plateau: plateau, clipNorm: clipNorm)
    let velocity = Variable(
      "gradientDescent.velocity", [objective.parameters.count], initializer: .constant(0),
      isTrainable: false)
    let u = momentum * velocity.symbol + step.gradient
    return step.subtracting(step.rate * u, memory: [velocity: u])
  }
}

extension GradientDescent {
  private enum CodingKeys: String, CodingKey { case learningRate, plateau, momentum, clipNorm }

  /// Decodes gradient descent; an absent key means the value of `init`, for the learning rate 10⁻³.
  ///
  /// Throws `DecodingError` for a value out of range.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(learningRate: try container.decode(.learningRate, default: .constant(1e-3)))
    plateau = try container.decodeIfPresent(Plateau.self, forKey: .plateau)
    momentum = try container.decode(.momentum, default: momentum)
    clipNorm = try container.decodeIfPresent(GradientClipping.self, forKey: .clipNorm)
    try container.requirePositive(learningRate, .learningRate)
    try container.requireFraction(momentum, .momentum)
  }

  /// Encodes all keys, those without a value as null.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(learningRate, forKey: .learningRate)
    try container.encode(plateau, forKey: .plateau)
    try container.encode(momentum, forKey: .momentum)
    try container.encode(clipNorm, forKey: .clipNorm)
  }
}
