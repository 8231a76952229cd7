import Graph

/// Adam (Kingma and Ba 2015; Shao et al. 2021, algorithm 1).
///
///     m ← β₁ m + (1 - β₁) g        v ← β₂ v + (1 - β₂) g²
///     w ← w - η √(1 - β₂ᵗ) / (1 - β₁ᵗ) · m / (√v + ε)
///
/// for steps t = 1, 2, … and the gradient g of L₂, clipped by its norm if a bound is given. This is
/// TensorFlow's "epsilon hat": ε is added to √v without its bias correction.
public struct Adam: Optimizer, Hashable {
  /// `adam`.
  public static let kind = "adam"

  /// The learning rate η.
  public var learningRate: ValueSchedule
  /// The fall of the learning rate where the validation loss stays, if it falls then.
  public var plateau: Plateau?
  /// The decay β₁ of the first moment.
  public var firstDecay: Double
  /// The decay β₂ of the second moment.
  public var secondDecay: Double
  /// The number ε that keeps the quotient finite.
  public var epsilon: Double
  /// The largest norm of the gradient, if it is clipped.
  public var clipNorm: GradientClipping?

  /// Makes Adam with β₁ = 0.9, β₂ = 0.999 and ε = 10⁻⁷ unless others are given, and no clipping.
  public init(
    learningRate: ValueSchedule, plateau: Plateau? = nil, firstDecay: Double = 0.9,
    secondDecay: Double = 0.999, epsilon: Double = 1e-7, clipNorm: GradientClipping? = nil
  ) {
    self.learningRate = learningRate
    self.plateau = plateau
    self.firstDecay = firstDecay
    self.secondDecay = secondDecay
    self.epsilon = epsilon
    self.clipNorm = clipNorm
  }

  /// One step: two moments, the weights and the count of steps.
  public func step(for objective: Objective) -> Step {
    let step = gradientStep(for: objective)
    let (change, memory) = change(step.gradient, rate: step.rate, at: step.counter)
    return step.subtracting(change, memory: memory)
  }

  /// The gradient and the learning rate of a step.
  func gradientStep(for objective: Objective) -> GradientStep {
    GradientStep(
      objective, learningRate: learningRate, plateau: plateau, clipNorm: clipNorm)
  }
}

extension Adam {
  private enum CodingKeys: String, CodingKey {
    case learningRate, plateau, firstDecay, secondDecay, epsilon, clipNorm
  }

  /// Decodes Adam; an absent key means the value of `init`, for the learning rate 10⁻³.
  ///
  /// Throws `DecodingError` for a value out of range.
  public init(from decoder: any Decoder) throws {
    try self.init(from: decoder, defaults: Adam(learningRate: .constant(1e-3)))
  }

  /// Decodes Adam with the defaults of a relative.
  init(from decoder: any Decoder, defaults: Adam) throws {
    self = defaults
    let container = try decoder.container(keyedBy: CodingKeys.self)
    learningRate = try container.decode(.learningRate, default: learningRate)
    plateau = try container.decodeIfPresent(Plateau.self, forKey: .plateau)
    firstDecay = try container.decode(.firstDecay, default: firstDecay)
    secondDecay = try container.decode(.secondDecay, default: secondDecay)
    epsilon = try container.decode(.epsilon, default: epsilon)
    clipNorm = try container.decodeIfPresent(GradientClipping.self, forKey: .clipNorm)
    try container.requirePositive(learningRate, .learningRate)
    try container.requireFraction(firstDecay, .firstDecay)
    try container.requireFraction(secondDecay, .secondDecay)
    try container.requirePositive(epsilon, .epsilon)
  }

  /// Encodes all keys, those without a value as null.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(learningRate, forKey: .learningRate)
    try container.encode(plateau, forKey: .plateau)
    try container.encode(firstDecay, forKey: .firstDecay)
    try container.encode(secondDecay, forKey: .secondDecay)
    try container.encode(epsilon, forKey: .epsilon)
    try container.encode(clipNorm, forKey: .clipNorm)
  }
}
