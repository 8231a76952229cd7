import Train

/// The optimizer by name: `{ ekf: {…} }`, `{ adam: {…} }`, `{ sgd: {…} }` or `{ gradientEKF: {…} }`.
enum OptimizerConfiguration: Codable, Equatable {
  case ekf(ExtendedKalmanFilter)
  case adam(Adam)
  case sgd(GradientDescent)
  case gradientEKF(GradientKalmanFilter)

  private enum CodingKeys: String, CodingKey, CaseIterable { case ekf, adam, sgd, gradientEKF }

  init(from decoder: any Decoder) throws {
    let key = try decoder.choice(of: CodingKeys.self)
    let container = try decoder.container(keyedBy: CodingKeys.self)
    switch key {
    case .ekf: self = .ekf(try container.decode(ExtendedKalmanFilter.self, forKey: key))
    case .adam: self = .adam(try container.decode(Adam.self, forKey: key))
    case .sgd: self = .sgd(try container.decode(GradientDescent.self, forKey: key))
    case .gradientEKF:
      self = .gradientEKF(try container.decode(GradientKalmanFilter.self, forKey: key))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .ekf(let optimizer): try container.encode(optimizer, forKey: .ekf)
    case .adam(let optimizer): try container.encode(optimizer, forKey: .adam)
    case .sgd(let optimizer): try container.encode(optimizer, forKey: .sgd)
    case .gradientEKF(let optimizer): try container.encode(optimizer, forKey: .gradientEKF)
    }
  }

  /// The key that chooses the optimizer.
  var kind: String {
    switch self {
    case .ekf: CodingKeys.ekf.rawValue
    case .adam: CodingKeys.adam.rawValue
    case .sgd: CodingKeys.sgd.rawValue
    case .gradientEKF: CodingKeys.gradientEKF.rawValue
    }
  }

  /// The optimizer.
  var optimizer: any Optimizer {
    switch self {
    case .ekf(let optimizer): optimizer
    case .adam(let optimizer): optimizer
    case .sgd(let optimizer): optimizer
    case .gradientEKF(let optimizer): optimizer
    }
  }
}

extension KeyedDecodingContainer {
  /// Decodes a learning rate η, which must be above zero at all steps.
  func decodeLearningRate(_ key: Key, default fallback: Schedule) throws -> Schedule {
    let rate = try decode(key, default: fallback)
    try require(
      rate.isPositive, key, "a learning rate must be larger than 0, but this one is not.")
    return rate
  }

  /// Decodes the noise of a process, which must not be negative.
  func decodeNoise(_ key: Key, default fallback: Schedule) throws -> Schedule {
    let noise = try decode(key, default: fallback)
    try require(!noise.isNegative, key, "a noise must not be negative, but this one is.")
    return noise
  }

  /// Decodes a bound of the gradient's norm, if there is one.
  func decodeClipNorm(_ key: Key) throws -> Double? {
    let bound = try decodeIfPresent(Double.self, forKey: key)
    if let bound { try requirePositive(bound, key) }
    return bound
  }

  /// Decodes a number that must be at least 0 and less than 1.
  func decodeFraction(_ key: Key, default fallback: Double) throws -> Double {
    let value = try decode(key, default: fallback)
    try require(
      (0..<1).contains(value), key, "it must be at least 0 and less than 1, but is \(value).")
    return value
  }
}
