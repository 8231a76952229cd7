import Foundation
import Tensors
import Train

/// `atomflow train`: from a configuration and labelled structures to a model directory.
struct TrainCommand: Command {
  static let name = "train"
  static let summary = "Train a potential"
  static let discussion =
    "The configuration names data, model, loss, schedule, optimizer and run lengths; every key except "
    + "the data file has a default. The model directory receives config.json (all keys as they were "
    + "used, and the digest of the data), model.safetensors (the model with the smallest validation loss), last/ (the model after the "
    + "last step), metrics.csv, TensorBoard event files and checkpoint/, from which --resume goes on "
    + "bit for bit. Ctrl-C, SIGTERM or the end of the terminal finish the step, write a checkpoint and "
    + "end the run; again more than a second later, they end it at once. One process at a time works "
    + "in a directory.\n"
    + "Structures with labels far from those of all others are refused unless data.outliers says what to do "
    + "with them; the other warnings of 'data info' are printed, and --strict refuses these, too.\n"
    + "Before the first step it prints how labels are laid out and how much memory it takes at its "
    + "peak: features with their derivatives, up to cache.memory, and variables, of which a Kalman "
    + "filter has the square of the number of weights, once in use and once more while a checkpoint is "
    + "written. A resumed run may have other steps, learning rates, threads and cache, and data.file "
    + "may have moved; seed, precision, network, loss, schedule, the optimizer's kind and its start "
    + "stay, and so do the structures and labels, unless --accept-changed-data says otherwise."
  static let example =
    "atomflow train Examples/water-ekf.json --data water.extxyz -d water-ekf --steps 20000\n"
    + "atomflow train -d water-ekf --resume --steps 50000"

  static let configuration = Positional<String>(
    "CONFIG", .optional, help: "The configuration, JSON with comments; not needed with --resume.")
  static let data = Option<String>(
    "data", "FILE", help: "The labelled structures, instead of data.file.")
  static let directory = Option<String>(
    "directory", letter: "d", "DIR", help: "The model directory; by default model.")
  static let set = Option<String>(
    "set", "KEY.PATH=VALUE", .repeated, help: "Set one key of the configuration.")
  static let steps = Option<Int>("steps", "N", help: "The number of steps, instead of run.steps.")
  static let seed = Option<Int>(
    "seed", "S", help: "The seed of split, weights and labels, instead of seed.")
  static let threads = Option<Int>("threads", "T", help: "The number of threads.")
  static let resume = Flag("resume", help: "Go on from the directory's checkpoint.")
  static let acceptChangedData = Flag(
    "accept-changed-data",
    help: "With --resume: go on although structures or labels are not those of the checkpoint.")
  static let force = Flag("force", help: "Replace a run that is in the directory already.")
  static let strict = Flag("strict", help: "Train only on data without warnings.")
  static let parameters: [any Parameter] = [
    configuration, data, directory, set, steps, seed, threads, resume, acceptChangedData, force,
    strict,
  ]

  let configurationFile: String?
  let directory: ModelDirectory
  let assignments: [ConfigurationAssignment]
  let resumes: Bool
  let replaces: Bool
  let acceptsChangedData: Bool
  let isStrict: Bool

  init(_ arguments: Arguments) throws(UsageError) {
    configurationFile = arguments[Self.configuration]
    directory = ModelDirectory(arguments[Self.directory] ?? "model")
    resumes = arguments[Self.resume]
    replaces = arguments[Self.force]
    acceptsChangedData = arguments[Self.acceptChangedData]
    isStrict = arguments[Self.strict]
    var assignments = arguments.all(Self.set).map {
      ConfigurationAssignment(text: $0, option: "--set \($0)")
    }
    if let file = arguments[Self.data] {
      assignments.append(.init(text: "data.file=\(quoted(file))", option: "--data \(file)"))
    }
    for (key, option) in [
      ("run.steps", Self.steps), ("seed", Self.seed), ("threads", Self.threads),
    ] {
      guard let value = arguments[option] else { continue }
      assignments.append(.init(text: "\(key)=\(value)", option: "--\(option.name) \(value)"))
    }
    self.assignments = assignments
    guard (configurationFile == nil) == resumes else {
      throw .rule(
        resumes
          ? "--resume takes the configuration from the directory; leave CONFIG out."
          : "name a configuration; or give --resume, and with -d the directory to go on with.")
    }
    guard !(resumes && replaces) else {
      throw .rule("--resume and --force contradict each other.")
    }
    guard resumes || !acceptsChangedData else {
      throw .rule("--accept-changed-data has no meaning without --resume.")
    }
  }

  func run(in tool: Tool) throws {
    if resumes { try goOn(in: tool) } else { try start(in: tool) }
  }

  private func start(in tool: Tool) throws {
    let advice =
      "go on with a run by --resume, replace what is there by --force, or name another directory "
      + "with -d"
    // Before features are computed, which may take long.
    try FilePlace.check(directory.url.path, isFolder: true)
    try directory.requireFree(orForced: replaces, advice: advice)
    let configuration = try TrainingConfiguration.read(
      configurationFile ?? "", assignments: assignments, catalog: tool.catalog)
    try run(configuration, .start(isForced: replaces, advice: advice), tool)
  }

  private func goOn(in tool: Tool) throws {
    try directory.requireRun()
    let lock = try directory.lock()
    let file = directory.configurationFile.path
    let configuration = try TrainingConfiguration.read(
      file, assignments: assignments, catalog: tool.catalog)
    let written = try TrainingConfiguration.read(file, catalog: tool.catalog)
    try written.requireSameRun(as: configuration)
    let record = try Checkpoint.record(in: directory.checkpoint)
    try written.requireSameRun(as: record, in: file, catalog: tool.catalog)
    try run(
      configuration, .checkpoint(record, lock, acceptsChangedData: acceptsChangedData), tool)
  }

  private func run(
    _ configuration: TrainingConfiguration, _ origin: TrainingOrigin, _ tool: Tool
  ) throws {
    func job<Scalar: RealScalar>(_: Scalar.Type) -> TrainingJob<Scalar> {
      TrainingJob(
        configuration: configuration, directory: directory, origin: origin, isStrict: isStrict,
        tool: tool)
    }
    switch configuration.precision {
    case .float32: try job(Float.self).run()
    case .float64: try job(Double.self).run()
    }
  }
}

/// A file name as JSON text, so that one like `1` stays a name.
private func quoted(_ text: String) -> String {
  let data = (try? JSONEncoder().encode(text)) ?? Data()
  return String(decoding: data, as: UTF8.self)
}
