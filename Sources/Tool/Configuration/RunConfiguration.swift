import Atomistic
import Foundation
import Train

/// The factors c of the loss `L₂ = Σ c/n (ŷ - y)²`, by the names of the properties.
struct LossConfiguration: Codable, Equatable {
  /// The factor of each property, in one over the square of its unit; 0 leaves it out.
  var factors: [String: Double] = ["energy": 1, "force": 1, "stress": 0]

  init() {}

  init(from decoder: any Decoder) throws {
    let given = try decoder.singleValueContainer().decode([String: Double].self)
    for (name, factor) in given.sorted(by: { $0.key < $1.key }) where !(factor >= 0) {
      throw decoder.fault("\(name) must not be negative, but is \(factor).")
    }
    factors.merge(given) { _, given in given }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(factors)
  }
}

/// The length of a run, and the intervals of evaluations, checkpoints, logs and kept models.
struct RunConfiguration: Codable, Equatable {
  /// The steps of the whole run.
  var steps = 20_000
  /// The steps between evaluations of all labels.
  var evaluateEvery = 1000
  /// The steps between checkpoints.
  var checkpointEvery = 5000
  /// The steps between lines of the log.
  var logEvery = 100
  /// The steps between models that are kept for good; nil keeps none but the best and the last.
  var keepEvery: Int?

  private enum CodingKeys: String, CodingKey {
    case steps, evaluateEvery, checkpointEvery, logEvery, keepEvery
  }

  init() {}

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    steps = try container.decode(.steps, default: steps)
    evaluateEvery = try container.decode(.evaluateEvery, default: evaluateEvery)
    checkpointEvery = try container.decode(.checkpointEvery, default: checkpointEvery)
    logEvery = try container.decode(.logEvery, default: logEvery)
    keepEvery = try container.decodeIfPresent(Int.self, forKey: .keepEvery)
    try container.requireNotNegative(steps, .steps)
    try container.requirePositive(evaluateEvery, .evaluateEvery)
    try container.requirePositive(checkpointEvery, .checkpointEvery)
    try container.requirePositive(logEvery, .logEvery)
    if let keepEvery { try container.requirePositive(keepEvery, .keepEvery) }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(steps, forKey: .steps)
    try container.encode(evaluateEvery, forKey: .evaluateEvery)
    try container.encode(checkpointEvery, forKey: .checkpointEvery)
    try container.encode(logEvery, forKey: .logEvery)
    try container.encode(keepEvery, forKey: .keepEvery)
  }
}

/// The places of features and their derivatives between steps.
struct CacheConfiguration: Codable, Equatable {
  /// The memory that features may take; more of them go to a file that is mapped.
  var memory = ByteCount(4_000_000_000)
  /// The size of that file; what does not fit there, either, is computed again whenever it is needed.
  /// Nil means as large as the disk allows.
  var disk: ByteCount?
  /// The folder for the file, which is made if it is missing; nil means the system's for temporary files.
  var directory: String?

  private enum CodingKeys: String, CodingKey { case memory, disk, directory }

  init() {}

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    memory = try container.decode(.memory, default: memory)
    disk = try container.decodeIfPresent(ByteCount.self, forKey: .disk)
    directory = try container.decodeIfPresent(String.self, forKey: .directory)
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(memory, forKey: .memory)
    try container.encode(disk, forKey: .disk)
    try container.encode(directory, forKey: .directory)
  }

  /// The budget of features.
  var budget: FeatureBudget {
    var budget = FeatureBudget(memory: memory.bytes)
    if let disk { budget.disk = disk.bytes }
    if let directory { budget.folder = URL(fileURLWithPath: directory) }
    return budget
  }
}
