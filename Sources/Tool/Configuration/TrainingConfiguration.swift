import Foundation
import Tensors
import Train

/// All that determines a training run, as `config.json` says it.
///
/// Every key has a default but the file of the data, which the command line may give. The
/// configuration is encoded with all its keys, those without a value as null.
struct TrainingConfiguration: Codable, Equatable {
  /// The seed of the split, the initial weights and the order of the labels.
  var seed = 1
  /// The precision of weights and descriptors.
  var precision = Precision.float32
  /// How many threads compute.
  var threads = 2
  /// The labelled structures.
  var data = DataConfiguration()
  /// The model.
  var network = NetworkConfiguration()
  /// The weights of the kinds of label.
  var loss = LossConfiguration()
  /// How many labels an update takes.
  var schedule = LabelConfiguration()
  /// What turns errors into new weights.
  var optimizer = OptimizerChoice(ExtendedKalmanFilter())
  /// How long to train, and when to look at the outcome.
  var run = RunConfiguration()
  /// Where descriptors are kept.
  var cache = CacheConfiguration()

  /// The scalar types that a model can be trained in.
  enum Precision: String, Codable, CaseIterable { case float32, float64 }

  init() {}

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    seed = try container.decode(.seed, default: seed)
    precision = try container.decode(.precision, default: precision)
    threads = try container.decode(.threads, default: threads)
    data = try container.decode(.data, default: data)
    network = try container.decode(.network, default: network)
    loss = try container.decode(.loss, default: loss)
    schedule = try container.decode(.schedule, default: schedule)
    optimizer = try container.decode(.optimizer, default: optimizer)
    run = try container.decode(.run, default: run)
    cache = try container.decode(.cache, default: cache)
    try container.require(seed >= 0, .seed, "it must not be negative, but is \(seed).")
    try container.require(
      (1...1024).contains(threads), .threads, "it must lie in 1...1024, but is \(threads).")
  }

  /// Refuses to go on with a run under a configuration that makes it another run.
  ///
  /// Throws a sentence that names the key.
  func requireSameRun(as other: TrainingConfiguration) throws {
    let differences = [
      ("seed", seed != other.seed), ("precision", precision != other.precision),
      ("data.split", data.split != other.data.split), ("network", network != other.network),
      ("loss", loss != other.loss), ("schedule", schedule != other.schedule),
      ("optimizer", optimizer.kind != other.optimizer.kind),
    ]
    guard let key = differences.first(where: \.1)?.0 else { return }
    throw TrainingFailure(
      "a resumed run keeps '\(key)' as config.json of its directory has it; leave it alone, or "
        + "start another run")
  }

  /// Reads a configuration and changes it as the command line asks.
  ///
  /// Throws `ConfigurationError` for whatever is wrong in the file or in an assignment.
  static func read(
    _ file: String, assignments: [ConfigurationAssignment] = []
  ) throws(ConfigurationError) -> TrainingConfiguration {
    var document = try StrictJSON(contentsOf: URL(fileURLWithPath: file))
    for assignment in assignments { try document.set(assignment.text, from: assignment.option) }
    return try document.decode(TrainingConfiguration.self)
  }
}

/// A key of the configuration that an option of the command line sets.
struct ConfigurationAssignment {
  /// The path of the key, an equals sign and the value.
  var text: String
  /// The option as it was given, for error messages.
  var option: String
}
