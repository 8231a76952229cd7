import Atomistic
import Tensors
import Train

/// `atomflow evaluate`: how far a model's energies and forces are from labels.
struct Evaluate: Command {
  static let name = "evaluate"
  static let summary = "Compare a model with labelled structures"
  static let discussion =
    "Root mean squared, mean absolute and largest errors of energies in eV per atom and of force "
    + "components in eV/angstrom, in double precision from coordinates. A warning tells where "
    + "descriptors leave the range of the training data."
  static let example =
    "atomflow evaluate water-ekf test.extxyz\natomflow evaluate water-ekf test.extxyz --json"

  static let model = ModelSource.argument
  static let data = Positional<String>("DATA", help: "The labelled structures.")
  static let json = Flag("json", help: "Print JSON instead of a table.")
  static let threads = Option<Int>("threads", "T", default: 2, help: "The number of threads.")
  static let parameters: [any Parameter] =
    [model, data, json, threads] + StructureOptions.parameters

  let model: String
  let data: String
  let json: Bool
  let threads: Int
  let options: StructureOptions

  init(_ arguments: Arguments) throws(UsageError) {
    model = arguments.value(Self.model)
    data = arguments.value(Self.data)
    json = arguments[Self.json]
    threads = try arguments.threads(Self.threads)
    options = try StructureOptions(arguments)
  }

  func run(in tool: Tool) throws {
    OpenBLAS.useOneThread()
    let model = try ModelSource(model)
    let set = try options.read(data, model: model)
    try set.requireLabels(in: data)
    let line = SharedProgress("evaluating", unit: "structures", total: set.structures.count)
    let predicted = try model.predictions(
      of: set.structures, workers: Workers(count: threads), progress: line.update)
    line.finish(set.structures.count)
    let metrics = PotentialMetrics(predicted: predicted.labels, structures: set.structures)
    StandardStreams.output(json ? try StrictJSON.text(of: metrics) : Self.table(metrics))
    predicted.warnOfExtrapolation(in: tool)
  }

  /// The metrics as text.
  static func table(_ metrics: PotentialMetrics) -> String {
    func row(_ name: String, _ summary: ErrorSummary?, _ unit: String) -> String {
      guard let summary else { return "\(name): no labels\n" }
      return String(
        format: "%@: RMSE %.3f, MAE %.3f, largest %.3f %@ over %d labels\n", name,
        summary.rmse * 1000, summary.mae * 1000, summary.max * 1000, unit, summary.count)
    }
    return row("energy", metrics.energy, "meV/atom") + row("force", metrics.force, "meV/angstrom")
  }
}
