import Graph

/// The factors c of the loss `L₂ = Σ c/n (ŷ - y)²`.
struct LossConfiguration: Codable, Equatable {
  /// The factor of energies, in eV⁻².
  var energyWeight = 1.0
  /// The factor of force components, in (eV/angstrom)⁻².
  var forceWeight = 1.0

  init() {}

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    energyWeight = try container.decode(.energyWeight, default: energyWeight)
    forceWeight = try container.decode(.forceWeight, default: forceWeight)
    try container.requirePositive(energyWeight, .energyWeight)
    try container.requirePositive(forceWeight, .forceWeight)
  }

  /// The scaled errors `ξ = √(c/n) (ŷ - y)` of n labels.
  func scaled(_ errors: Symbol, by factor: Double, _ labels: Int) -> Symbol {
    errors * (factor / Double(max(1, labels))).squareRoot()
  }
}

/// How many labels an update takes; each step draws one kind of label.
struct LabelConfiguration: Codable, Equatable {
  /// The energies of an update; 0 leaves energies out.
  var energiesPerStep = 1
  /// The force components of an update; 0 leaves forces out.
  var forcesPerStep = 10

  init() {}

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    energiesPerStep = try container.decode(.energiesPerStep, default: energiesPerStep)
    forcesPerStep = try container.decode(.forcesPerStep, default: forcesPerStep)
    try container.requireNotNegative(energiesPerStep, .energiesPerStep)
    try container.requireNotNegative(forcesPerStep, .forcesPerStep)
    guard energiesPerStep + forcesPerStep > 0 else {
      throw decoder.fault("energiesPerStep and forcesPerStep must not both be 0.")
    }
  }
}

/// How many steps, and after how many of them something else happens.
struct RunConfiguration: Codable, Equatable {
  /// The steps of the whole run.
  var steps = 20_000
  /// The steps between evaluations of all labels.
  var evaluateEvery = 1000
  /// The steps between checkpoints.
  var checkpointEvery = 5000
  /// The steps between lines of the log.
  var logEvery = 100

  init() {}

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    steps = try container.decode(.steps, default: steps)
    evaluateEvery = try container.decode(.evaluateEvery, default: evaluateEvery)
    checkpointEvery = try container.decode(.checkpointEvery, default: checkpointEvery)
    logEvery = try container.decode(.logEvery, default: logEvery)
    try container.requireNotNegative(steps, .steps)
    try container.requirePositive(evaluateEvery, .evaluateEvery)
    try container.requirePositive(checkpointEvery, .checkpointEvery)
    try container.requirePositive(logEvery, .logEvery)
  }
}

/// Where descriptors and their derivatives are kept between steps.
struct CacheConfiguration: Codable, Equatable {
  /// The memory that descriptors may take; more of them go to a file that is mapped.
  var memory = ByteCount(4_000_000_000)
  /// The folder for a file of what does not fit; nil means the system's for temporary files.
  var directory: String?

  private enum CodingKeys: String, CodingKey { case memory, directory }

  init() {}

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    memory = try container.decode(.memory, default: memory)
    directory = try container.decodeIfPresent(String.self, forKey: .directory)
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(memory, forKey: .memory)
    try container.encode(directory, forKey: .directory)
  }
}
