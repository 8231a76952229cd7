import Graph

/// Adam with decoupled weight decay (Loshchilov and Hutter 2019).
///
///     w ← w - (Adam's change) - η λ w
///
/// The decay does not go through the moments, so it is the same for weights of large and of small
/// gradients; `Objective.withWeightDecay` adds it to the loss instead.
public struct AdamW: Optimizer, Hashable {
  /// `adamW`.
  public static let kind = "adamW"

  /// Adam's options.
  public var adam: Adam
  /// The strength λ.
  public var weightDecay: Double

  /// Makes AdamW, by default with λ = 0.01.
  public init(_ adam: Adam, weightDecay: Double = 0.01) {
    (self.adam, self.weightDecay) = (adam, weightDecay)
  }

  /// One step: two moments, the weights and the count of steps.
  public func step(for objective: Objective) -> Step {
    let step = adam.gradientStep(for: objective)
    let (change, memory) = adam.change(
      step.gradient, rate: step.rate, at: step.counter, name: Self.kind)
    let decay = (weightDecay * step.rate) * objective.parameters.value
    return step.subtracting(change + decay, memory: memory)
  }
}

extension AdamW {
  private enum CodingKeys: String, CodingKey { case weightDecay }

  /// Decodes the keys of Adam and `weightDecay`; an absent key means the value of `init`.
  ///
  /// Throws `DecodingError` for a value out of range.
  public init(from decoder: any Decoder) throws {
    self.init(try Adam(from: decoder))
    let container = try decoder.container(keyedBy: CodingKeys.self)
    weightDecay = try container.decode(.weightDecay, default: weightDecay)
    try container.requireNotNegative(weightDecay, .weightDecay)
  }

  /// Encodes all keys.
  public func encode(to encoder: any Encoder) throws {
    try adam.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(weightDecay, forKey: .weightDecay)
  }
}
