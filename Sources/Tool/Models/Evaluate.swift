import Atomistic
import Tensors
import Train

/// `atomflow evaluate`: the errors of a model's predictions against labels.
struct Evaluate: Command {
  static let name = "evaluate"
  static let summary = "Compare a model with labelled structures"
  static let discussion =
    "Root mean squared, mean absolute and largest errors of each property, of energies in eV per atom "
    + "and of force components in eV/angstrom, in double precision from coordinates. A warning names "
    + "features that leave their range over the training structures. The figure shows predictions against labels and the distribution of errors."
  static let example =
    "atomflow evaluate water-ekf test.extxyz\natomflow evaluate water-ekf test.extxyz --json --svg parity.svg"

  static let model = ModelSource.argument
  static let data = Positional<String>("DATA", help: "The labelled structures.")
  static let json = Flag("json", help: "Print JSON instead of a table.")
  static let svg = Option<String>(
    "svg", "FILE", help: "Draw predictions against labels, and their errors.")
  static let threads = Option<Int>("threads", "T", default: 2, help: "The number of threads.")
  static let parameters: [any Parameter] =
    [model, data, json, svg, threads] + StructureOptions.parameters

  let model: String
  let data: String
  let json: Bool
  let svg: String?
  let threads: Int
  let options: StructureOptions

  init(_ arguments: Arguments) throws(UsageError) {
    model = arguments.value(Self.model)
    data = arguments.value(Self.data)
    json = arguments[Self.json]
    svg = arguments[Self.svg]
    threads = try arguments.threads(Self.threads)
    options = try StructureOptions(arguments)
  }

  func run(in tool: Tool) throws {
    OpenBLAS.useOneThread()
    let model = try ModelSource(model, in: tool.catalog)
    if let svg { try OutputPlace.checkFile(svg, inputs: [data] + model.files) }
    let set = try options.read(data, for: model, in: tool)
    try set.requireLabels(in: data)
    let line = SharedProgress("evaluating", unit: "structures", total: set.structures.count)
    let predicted = try model.predictions(
      of: set.structures, workers: Workers(count: threads), progress: line.update)
    line.finish(set.structures.count)
    let errors = model.properties.map { property in
      (property, property.errors(of: predicted.labels, in: set.structures))
    }
    if let svg {
      let figure = Figure(
        parityOf: model.properties, predicted: predicted.labels, structures: set.structures)
      try WholeFile.write(figure.svg, to: svg)
    }
    try StandardStreams.output(json ? try Self.json(errors) : Self.table(errors))
    predicted.warnOfExtrapolation(in: tool)
  }

  /// The errors as an object with a key for each property; null where there are no labels.
  static func json(_ errors: [(Property, ErrorSummary?)]) throws -> String {
    let entries = errors.filter { Self.isShown($0.0, $0.1) }.map { ($0.0.name, $0.1) }
    return try StrictJSON.text(of: Dictionary(uniqueKeysWithValues: entries))
  }

  /// The errors as text, in thousandths of the properties' units.
  static func table(_ errors: [(Property, ErrorSummary?)]) -> String {
    errors.filter { Self.isShown($0.0, $0.1) }.map { property, summary in
      guard let summary else { return "\(property.name): no labels\n" }
      return String(
        format: "%@: RMSE %.3f, MAE %.3f, largest %.3f %@ over %d labels\n", property.name,
        summary.rmse * 1000, summary.mae * 1000, summary.max * 1000, property.errorUnit,
        summary.count)
    }.joined()
  }

  /// Energies and forces are always shown, other properties where there are labels.
  private static func isShown(_ property: Property, _ summary: ErrorSummary?) -> Bool {
    summary != nil || property.name == Property.energy.name || property.name == Property.force.name
  }
}
