/// A schedule is a number, or `{ exponential: { initial, factor, every, minimum, maximum } }`,
/// `{ piecewise: { values, boundaries } }`, `{ cosine: { initial, final, steps } }`, or
/// `{ warmUp: { steps, then } }` with a schedule that comes then.
extension ValueSchedule: Codable {
  private enum Form: String, CodingKey, CaseIterable {
    case exponential, piecewise, cosine, warmUp
  }

  private enum ExponentialKeys: String, CodingKey { case initial, factor, every, minimum, maximum }

  private enum PiecewiseKeys: String, CodingKey { case values, boundaries }

  private enum CosineKeys: String, CodingKey { case initial, final, steps }

  private enum WarmUpKeys: String, CodingKey { case steps, then }

  /// Decodes a schedule.
  ///
  /// Throws `DecodingError` for a key that is missing, a negative value, a factor or a number of steps
  /// that is not above zero, and boundaries that do not ascend.
  public init(from decoder: any Decoder) throws {
    if let number = try? decoder.singleValueContainer().decode(Double.self) {
      self = .constant(number)
      return
    }
    let container = try decoder.container(keyedBy: Form.self)
    switch try decoder.choice(of: Form.self) {
    case .exponential:
      let inner = try container.nestedContainer(keyedBy: ExponentialKeys.self, forKey: .exponential)
      let initial = try inner.decode(Double.self, forKey: .initial)
      let factor = try inner.decode(Double.self, forKey: .factor)
      let every = try inner.decode(Double.self, forKey: .every)
      let minimum = try inner.decode(.minimum, default: 0.0)
      let maximum = try inner.decode(.maximum, default: Double.infinity)
      try inner.requireNotNegative(initial, .initial)
      try inner.requirePositive(factor, .factor)
      try inner.requirePositive(every, .every)
      try inner.requireNotNegative(minimum, .minimum)
      try inner.require(
        minimum <= maximum, .maximum,
        "it must not be below the minimum \(minimum), but is \(maximum).")
      self = .exponential(
        initial: initial, factor: factor, every: every, minimum: minimum, maximum: maximum)
    case .piecewise:
      let inner = try container.nestedContainer(keyedBy: PiecewiseKeys.self, forKey: .piecewise)
      let values = try inner.decode([Double].self, forKey: .values)
      let boundaries = try inner.decode([Int].self, forKey: .boundaries)
      try inner.require(
        boundaries.count == values.count - 1, .boundaries,
        "\(values.count) values need one boundary less, but here are \(boundaries.count).")
      try inner.require(
        zip([0] + boundaries, boundaries).allSatisfy { $0 < $1 }, .boundaries,
        "they must be positive and ascending, but are \(boundaries).")
      for value in values { try inner.requireNotNegative(value, .values) }
      self = .piecewise(values: values, boundaries: boundaries)
    case .cosine:
      let inner = try container.nestedContainer(keyedBy: CosineKeys.self, forKey: .cosine)
      let initial = try inner.decode(Double.self, forKey: .initial)
      let final = try inner.decode(Double.self, forKey: .final)
      let steps = try inner.decode(Int.self, forKey: .steps)
      try inner.requireNotNegative(initial, .initial)
      try inner.requireNotNegative(final, .final)
      try inner.requirePositive(steps, .steps)
      self = .cosine(initial: initial, final: final, steps: steps)
    case .warmUp:
      let inner = try container.nestedContainer(keyedBy: WarmUpKeys.self, forKey: .warmUp)
      let steps = try inner.decode(Int.self, forKey: .steps)
      try inner.requirePositive(steps, .steps)
      self = .warmUp(steps: steps, then: try inner.decode(ValueSchedule.self, forKey: .then))
    }
  }

  /// Encodes what the decoder reads.
  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .constant(let value):
      var container = encoder.singleValueContainer()
      try container.encode(value)
    case .exponential(let initial, let factor, let every, let minimum, let maximum):
      var container = encoder.container(keyedBy: Form.self)
      var inner = container.nestedContainer(keyedBy: ExponentialKeys.self, forKey: .exponential)
      try inner.encode(initial, forKey: .initial)
      try inner.encode(factor, forKey: .factor)
      try inner.encode(every, forKey: .every)
      try inner.encode(minimum, forKey: .minimum)
      try inner.encode(maximum.isFinite ? maximum : nil, forKey: .maximum)
    case .piecewise(let values, let boundaries):
      var container = encoder.container(keyedBy: Form.self)
      var inner = container.nestedContainer(keyedBy: PiecewiseKeys.self, forKey: .piecewise)
      try inner.encode(values, forKey: .values)
      try inner.encode(boundaries, forKey: .boundaries)
    case .cosine(let initial, let final, let steps):
      var container = encoder.container(keyedBy: Form.self)
      var inner = container.nestedContainer(keyedBy: CosineKeys.self, forKey: .cosine)
      try inner.encode(initial, forKey: .initial)
      try inner.encode(final, forKey: .final)
      try inner.encode(steps, forKey: .steps)
    case .warmUp(let steps, let then):
      var container = encoder.container(keyedBy: Form.self)
      var inner = container.nestedContainer(keyedBy: WarmUpKeys.self, forKey: .warmUp)
      try inner.encode(steps, forKey: .steps)
      try inner.encode(then, forKey: .then)
    }
  }
}

extension KeyedDecodingContainer {
  /// Throws `DecodingError` for a schedule that is not above zero at all steps, as a learning rate is.
  public func requirePositive(_ schedule: ValueSchedule, _ key: Key) throws {
    try require(schedule.isPositive, key, "it must be larger than 0 at all steps, but is not.")
  }

  /// Throws `DecodingError` for a schedule that is below zero at some step, as no noise is.
  public func requireNotNegative(_ schedule: ValueSchedule, _ key: Key) throws {
    try require(!schedule.isNegative, key, "it must not be negative at any step, but is.")
  }
}
