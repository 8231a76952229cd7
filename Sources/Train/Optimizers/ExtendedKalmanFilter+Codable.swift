import Atomistic

extension ExtendedKalmanFilter {
  /// P(0), its form and the first λ.
  public func initialOption(differingFrom other: Self) -> String? {
    if epsilon != other.epsilon { return "epsilon" }
    if covariance != other.covariance { return "covariance" }
    if case .fading(let initial, _) = measurementNoise,
      case .fading(let former, _) = other.measurementNoise, initial != former
    {
      return "fading.initial"
    }
    if case .measured(let noise) = measurementNoise,
      case .measured(let former) = other.measurementNoise, noise.initial != former.initial
    {
      return "measuredNoise.initial"
    }
    return nil
  }

  private enum CodingKeys: String, CodingKey {
    case learningRate, fading, measuredNoise, processNoise, epsilon, covariance, innovation,
      wildLabels
  }

  /// The memory that fades, in place of a learning rate.
  private struct Fading: Codable {
    var initial: Double
    var nu: Double
  }

  /// Decodes a filter; an absent key means the value of `init`.
  ///
  /// Throws `DecodingError` for a value out of range, and for two ways to know R.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init()
    let ways: [CodingKeys] = [.learningRate, .fading, .measuredNoise]
    let given = try ways.filter { try container.contains($0) && !container.decodeNil(forKey: $0) }
    try container.require(
      given.count < 2, given.last ?? .learningRate,
      "give one of learningRate, fading and measuredNoise.")
    if let measured = try container.decodeIfPresent(MeasuredNoise.self, forKey: .measuredNoise) {
      measurementNoise = .measured(measured)
    } else if let fading = try container.decodeIfPresent(Fading.self, forKey: .fading) {
      for number in [fading.initial, fading.nu] {
        try container.require(
          number > 0 && number <= 1, .fading,
          "initial and nu must be above 0 and at most 1, but here is \(number).")
      }
      measurementNoise = .fading(initial: fading.initial, nu: fading.nu)
    } else {
      let rate = try container.decode(.learningRate, default: ValueSchedule.constant(1))
      try container.requirePositive(rate, .learningRate)
      measurementNoise = .learningRate(rate)
    }
    processNoise = try container.decode(.processNoise, default: processNoise)
    epsilon = try container.decode(.epsilon, default: epsilon)
    covariance = try container.decode(.covariance, default: covariance)
    innovation = try container.decode(.innovation, default: innovation)
    wildLabels = try container.decode(.wildLabels, default: wildLabels)
    try container.requireNotNegative(processNoise, .processNoise)
    try container.requirePositive(epsilon, .epsilon)
  }

  /// Encodes all keys; those of the noises not chosen are null.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    for key in [CodingKeys.learningRate, .fading, .measuredNoise] {
      try container.encodeNil(forKey: key)
    }
    switch measurementNoise {
    case .learningRate(let rate): try container.encode(rate, forKey: .learningRate)
    case .fading(let initial, let nu):
      try container.encode(Fading(initial: initial, nu: nu), forKey: .fading)
    case .measured(let noise): try container.encode(noise, forKey: .measuredNoise)
    }
    try container.encode(processNoise, forKey: .processNoise)
    try container.encode(epsilon, forKey: .epsilon)
    try container.encode(covariance, forKey: .covariance)
    try container.encode(innovation, forKey: .innovation)
    try container.encode(wildLabels, forKey: .wildLabels)
  }
}
