import Atomistic
public import Tensors

/// The position of a training run; with the variables it determines all later steps.
public struct TrainingPosition: Codable, Sendable, Equatable {
  /// The number of steps done.
  public var step: Int

  /// The random stream that draws labels.
  public var random: RandomStream

  /// The smallest validation loss seen, and the step it was seen at.
  public var best: Best?

  /// The smallest validation loss and its step.
  public struct Best: Codable, Sendable, Equatable {
    /// The loss.
    public var loss: Double
    /// The number of steps that had been done.
    public var step: Int

    /// Makes a mark.
    public init(loss: Double, step: Int) {
      self.loss = loss
      self.step = step
    }
  }

  /// What the batch schedule keeps.
  public var selection = LabelSelection()

  /// The start of a run.
  public init(seed: UInt64) {
    step = 0
    random = RandomStream(seed: seed, stream: 1)
  }

  /// Decodes a position.
  ///
  /// Throws `DecodingError` for steps and a loss that no run can have reached.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    step = try container.decode(Int.self, forKey: .step)
    random = try container.decode(RandomStream.self, forKey: .random)
    best = try container.decodeIfPresent(Best.self, forKey: .best)
    selection =
      try container.decodeIfPresent(LabelSelection.self, forKey: .selection) ?? LabelSelection()
    try container.require(
      (0...Int.max >> 10).contains(step), .step, "\(step) is no number of steps.")
    if let best {
      try container.require(
        (0...step).contains(best.step), .best, "step \(best.step) comes after step \(step).")
    }
  }
}
