public import Train

extension ExtendedKalmanFilter: Codable {
  private enum CodingKeys: String, CodingKey { case learningRate, fading, processNoise, epsilon }

  /// The memory that fades, in place of a learning rate.
  private struct Fading: Codable {
    var initial: Double
    var nu: Double
  }

  /// Decodes a filter; what is not given is as in `init`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init()
    if let fading = try container.decodeIfPresent(Fading.self, forKey: .fading) {
      for number in [fading.initial, fading.nu] {
        try container.require(
          number > 0 && number <= 1, .fading,
          "initial and nu must be above 0 and at most 1, but here is \(number).")
      }
      try container.require(
        !container.contains(.learningRate)
          || container.decodeNil(forKey: .learningRate), .fading,
        "give a learningRate or fading, not both.")
      measurementNoise = .fading(initial: fading.initial, nu: fading.nu)
    } else {
      let rate = try container.decodeLearningRate(.learningRate, default: .constant(1))
      measurementNoise = .learningRate(rate)
    }
    processNoise = try container.decodeNoise(.processNoise, default: processNoise)
    epsilon = try container.decode(.epsilon, default: epsilon)
    try container.requirePositive(epsilon, .epsilon)
  }

  /// Encodes all keys; that of the noise not chosen is null.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch measurementNoise {
    case .learningRate(let rate):
      try container.encode(rate, forKey: .learningRate)
      try container.encodeNil(forKey: .fading)
    case .fading(let initial, let nu):
      try container.encodeNil(forKey: .learningRate)
      try container.encode(Fading(initial: initial, nu: nu), forKey: .fading)
    }
    try container.encode(processNoise, forKey: .processNoise)
    try container.encode(epsilon, forKey: .epsilon)
  }
}

extension GradientKalmanFilter: Codable {
  private enum CodingKeys: String, CodingKey { case learningRate, processNoise, epsilon }

  /// Decodes a filter; what is not given is as in `init`, and the learning rate is 1.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      learningRate: try container.decodeLearningRate(.learningRate, default: .constant(1)),
      processNoise: try container.decodeNoise(.processNoise, default: .constant(0)))
    epsilon = try container.decode(.epsilon, default: epsilon)
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

extension GradientDescent: Codable {
  private enum CodingKeys: String, CodingKey { case learningRate, momentum, clipNorm }

  /// Decodes gradient descent; what is not given is as in `init`, and the learning rate is 1e-3.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      learningRate: try container.decodeLearningRate(.learningRate, default: .constant(1e-3)),
      momentum: try container.decodeFraction(.momentum, default: 0),
      clipNorm: try container.decodeClipNorm(.clipNorm))
  }

  /// Encodes all keys, the bound of the norm as null if there is none.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(learningRate, forKey: .learningRate)
    try container.encode(momentum, forKey: .momentum)
    try container.encode(clipNorm, forKey: .clipNorm)
  }
}

extension Adam: Codable {
  private enum CodingKeys: String, CodingKey {
    case learningRate, firstDecay, secondDecay, epsilon, clipNorm
  }

  /// Decodes Adam; what is not given is as in `init`, and the learning rate is 1e-3.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      learningRate: try container.decodeLearningRate(.learningRate, default: .constant(1e-3)))
    firstDecay = try container.decodeFraction(.firstDecay, default: firstDecay)
    secondDecay = try container.decodeFraction(.secondDecay, default: secondDecay)
    epsilon = try container.decode(.epsilon, default: epsilon)
    clipNorm = try container.decodeClipNorm(.clipNorm)
    try container.requirePositive(epsilon, .epsilon)
  }

  /// Encodes all keys, the bound of the norm as null if there is none.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(learningRate, forKey: .learningRate)
    try container.encode(firstDecay, forKey: .firstDecay)
    try container.encode(secondDecay, forKey: .secondDecay)
    try container.encode(epsilon, forKey: .epsilon)
    try container.encode(clipNorm, forKey: .clipNorm)
  }
}
