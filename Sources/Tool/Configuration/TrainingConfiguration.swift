import Atomistic
import Foundation
import Graph
import Tensors
import Train

/// All that determines a training run, as `config.json` says it.
///
/// Every key except the file of the data, which the command line may give, has a default. The
/// configuration is encoded with all its keys, those without a value as null.
struct TrainingConfiguration: Codable, Equatable {
  /// The seed of the split, the initial weights and the order of the labels.
  var seed = 1
  /// The precision of weights and features.
  var precision = Precision.float32
  /// The number of threads.
  var threads = 2
  /// The labelled structures.
  var data = DataConfiguration()
  /// The model.
  var network = ModelChoice(BehlerParrinello.self)
  /// The factors of the properties.
  var loss = LossConfiguration()
  /// The batch schedule.
  var schedule = ScheduleChoice(RandomLabels())
  /// The optimizer.
  var optimizer = OptimizerChoice(ExtendedKalmanFilter())
  /// The source of the first weights, the frozen ones, weight decay, and their average.
  var weights = WeightConfiguration()
  /// The length of the run, and the intervals of evaluations, checkpoints and logs.
  var run = RunConfiguration()
  /// The places of features.
  var cache = CacheConfiguration()

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
    weights = try container.decode(.weights, default: weights)
    run = try container.decode(.run, default: run)
    cache = try container.decode(.cache, default: cache)
    try container.require(seed >= 0, .seed, "it must not be negative, but is \(seed).")
    try container.require(
      (1...1024).contains(threads), .threads, "it must lie in 1...1024, but is \(threads).")
    let names = network.properties.map(\.name)
    try container.requireNames(loss.factors.keys, among: names, .loss)
    try container.requireNames(data.keys.keys, among: names, .data)
    if case .labels(let perStep, _) = schedule.schedule.batch {
      try container.requireNames(perStep.keys, among: names, .schedule)
    }
    try container.require(
      schedule.schedule.isFixed || !optimizer.optimizer.needsFixedBatch, .schedule,
      "the optimizer '\(optimizer.kind)' needs the same labels in each step, as "
        + "{ structures: { perStep: 100, fixed: true } } takes them.")
    try container.require(
      !terms.isEmpty, .loss, "at least one property should have a factor above 0.")
  }

  /// The terms of the loss, in the order of the model's properties.
  var terms: [LossTerm] {
    network.properties.compactMap { property in
      loss.factors[property.name].flatMap { $0 > 0 ? LossTerm(property, weight: $0) : nil }
    }
  }

  /// The choices of the reader of the structures' file.
  var dataOptions: StructureFile.Options { data.options(properties: network.properties) }

  /// Refuses to go on with a run under a configuration that makes it another run.
  ///
  /// Throws a sentence that names the key.
  func requireSameRun(as other: TrainingConfiguration) throws {
    guard let key = settledKey(differingFrom: other) else { return }
    throw ToolError(
      "a resumed run keeps '\(key)' as in config.json of its directory; leave the key alone, or start "
        + "another run")
  }

  /// Refuses to go on where the configuration's file was changed since the checkpoint.
  ///
  /// Throws a sentence that names the key.
  func requireSameRun(as record: RunRecord, in file: String, catalog: Catalog) throws {
    // Checkpoints of older versions have none.
    guard let text = record.configuration else { return }
    let document = try StrictJSON(Data(text.utf8), source: "the checkpoint's configuration")
    let started = try document.decode(TrainingConfiguration.self, userInfo: catalog.userInfo)
    guard let key = settledKey(differingFrom: started) else { return }
    throw ToolError(
      "\(file) has another '\(key)' than the run was started with: the file was changed since then; "
        + "put it back, or start another run")
  }

  /// A key that stays the same in all parts of a run and differs from another configuration's.
  private func settledKey(differingFrom other: TrainingConfiguration) -> String? {
    let differences = [
      ("seed", seed != other.seed), ("precision", precision != other.precision),
      ("data.split", data.split != other.data.split),
      ("data.weights", data.weights != other.data.weights),
      ("data.outliers", data.outliers != other.data.outliers),
      ("network", network != other.network),
      ("loss", loss != other.loss), ("schedule", schedule != other.schedule),
      ("weights", weights != other.weights), ("optimizer", optimizer.kind != other.optimizer.kind),
    ]
    return differences.first(where: \.1)?.0
      ?? optimizer.initialOption(differingFrom: other.optimizer).map { "optimizer.\($0)" }
  }

  /// The configuration as checkpoints keep it, without what a resumed run may change: lengths, threads,
  /// cache and the place of the data, and without the data's digest, which the checkpoint has itself.
  var settled: String {
    get throws {
      var settled = self
      settled.threads = Self().threads
      settled.run = RunConfiguration()
      settled.cache = CacheConfiguration()
      settled.data.file = nil
      settled.data.digest = nil
      return try StrictJSON.text(of: settled)
    }
  }

  /// Reads a configuration and changes it as the command line asks.
  ///
  /// Throws `ConfigurationError` for what is wrong in the file or in an assignment.
  static func read(
    _ file: String, assignments: [ConfigurationAssignment] = [], catalog: Catalog
  ) throws(ConfigurationError) -> TrainingConfiguration {
    var document = try StrictJSON(contentsOf: URL(fileURLWithPath: file))
    for assignment in assignments { try document.set(assignment.text, from: assignment.option) }
    try document.refuse(FormerKeys.advice)
    return try document.decode(TrainingConfiguration.self, userInfo: catalog.userInfo)
  }
}

/// A key of the configuration that an option of the command line sets.
struct ConfigurationAssignment {
  /// The path of the key, an equals sign and the value.
  var text: String
  /// The option as it was given, for error messages.
  var option: String
}

extension KeyedDecodingContainer {
  /// Refuses names that are none of the model's properties.
  fileprivate func requireNames(
    _ names: some Collection<String>, among known: [String], _ key: Key
  ) throws {
    guard let stranger = names.sorted().first(where: { !known.contains($0) }) else { return }
    let guess = nearestName(to: stranger, among: known).map { "; did you mean '\($0)'?" }
    try require(
      false, key,
      "the model has no property '\(stranger)'"
        + (guess ?? "; its properties are \(known.joined(separator: ", "))."))
  }
}
