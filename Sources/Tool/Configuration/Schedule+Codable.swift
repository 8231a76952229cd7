public import Train

/// A schedule is a number, or `{ exponential: { initial, factor, every, minimum, maximum } }`, or
/// `{ piecewise: { values, boundaries } }`.
extension Schedule: Codable {
  private enum Form: String, CodingKey, CaseIterable { case exponential, piecewise }

  private enum ExponentialKeys: String, CodingKey { case initial, factor, every, minimum, maximum }

  private enum PiecewiseKeys: String, CodingKey { case values, boundaries }

  /// Decodes a schedule; throws for a decay that grows without bound, and what is not in order.
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
    }
  }

  /// Whether the value is above zero at all steps.
  var isPositive: Bool {
    switch self {
    case .constant(let value): value > 0
    case .exponential(let initial, _, _, let minimum, let maximum):
      (initial > 0 || minimum > 0) && maximum > 0
    case .piecewise(let values, _): values.allSatisfy { $0 > 0 }
    }
  }

  /// Whether the value is below zero at some step.
  var isNegative: Bool {
    if case .constant(let value) = self { value < 0 } else { false }
  }
}
