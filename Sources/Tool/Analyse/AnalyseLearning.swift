import Atomistic
import Foundation
import Train

/// `atomflow analyse learning`: the errors of training runs by step, side by side.
struct AnalyseLearning: Command {
  static let name = "analyse learning"
  static let summary = "Compare the learning curves of training runs"
  static let discussion =
    "Reads metrics.csv of each model directory and prints the smallest root mean squared errors of "
    + "the validation structures with their steps; of the training structures where a run does not "
    + "validate. The figure has a panel for each property, with logarithmic axes; it leaves out the errors before the first step."
  static let example =
    "atomflow analyse learning water-ekf water-adam\n"
    + "atomflow analyse learning water-ekf water-adam --svg learning.svg --csv learning.csv"

  static let directories = Positional<String>("DIR", .several, help: "Model directories.")
  static let property = Option<String>(
    "property", "NAME", .repeated, help: "Properties to show, such as force; all by default.")
  static let parameters: [any Parameter] =
    [directories, property] + ResultOptions.parameters

  /// The errors of one property in one run.
  struct Curve: Encodable {
    /// The model directory.
    var run: String
    /// The name of the property.
    var property: String
    /// The steps of the evaluations.
    var steps: [Int]
    /// The root mean squared errors in the property's unit.
    var errors: [Double]

    /// The place of the smallest error.
    var best: Int { errors.indices.min { errors[$0] < errors[$1] } ?? 0 }
  }

  let options: ResultOptions
  let properties: [String]

  init(_ arguments: Arguments) throws(UsageError) {
    options = try ResultOptions(arguments, inputs: arguments.all(Self.directories))
    properties = arguments.all(Self.property)
  }

  func run(in tool: Tool) throws {
    try options.checkFiles()
    let all = try options.inputs.flatMap(Self.curves)
    let known = Self.properties(of: all)
    if let stranger = properties.first(where: { !known.contains($0) }) {
      throw ToolError(
        "no run has errors of '\(stranger)'; there are those of \(known.joined(separator: ", ")).")
    }
    let curves = all.filter { properties.isEmpty || properties.contains($0.property) }
    let lines = curves.map { curve in
      let unit = Self.unit(of: curve.property)
      return
        "\(curve.run): \(curve.property) \(decimal(unit.factor * curve.errors[curve.best], 3)) "
        + "\(unit.name) after \(curve.steps[curve.best]) of \(curve.steps.last ?? 0) steps\n"
    }
    try options.publish(
      json: try StrictJSON.text(of: ["learning": curves]), text: lines.joined(),
      table: table(curves), figure: figure(curves))
  }

  /// The curves of a model directory, one for each property that has errors.
  private static func curves(_ directory: String) throws -> [Curve] {
    let file = ModelDirectory(directory).metrics
    let table = try MetricsTable(contentsOf: file, allowingUnfinishedRow: true)
    func curves(_ part: String) -> [Curve] {
      table.columns.enumerated().compactMap { column, name in
        let words = name.split(separator: ".")
        guard words.count == 3, words[0] == part, words[2] == "rmse" else { return nil }
        let points = table.rows.compactMap { row in
          row.values[column].map { (step: row.step, error: $0) }
        }
        guard !points.isEmpty else { return nil }
        return Curve(
          run: directory, property: String(words[1]), steps: points.map(\.step),
          errors: points.map(\.error))
      }
    }
    let validated = curves("validation")
    let found = validated.isEmpty ? curves("training") : validated
    guard !found.isEmpty else {
      throw ToolError("\(file.path) has no errors yet; train the model first.")
    }
    return found
  }

  /// The unit in which errors of a property are shown, and its inverse in the unit of the metrics.
  private static func unit(of property: String) -> (name: String, factor: Double) {
    let known = [Property.energy, .force, .stress].first { $0.name == property }
    return known.map { ($0.errorUnit.replacing("angstrom", with: "Å"), 1000) } ?? ("", 1)
  }

  private static func properties(of curves: [Curve]) -> [String] {
    var names: [String] = []
    for curve in curves where !names.contains(curve.property) { names.append(curve.property) }
    return names
  }

  /// A row for each run and step, a column for each property.
  private func table(_ curves: [Curve]) -> SeriesTable {
    let properties = Self.properties(of: curves)
    var table = SeriesTable(["run", "step"] + properties.map { "\($0)_rmse" })
    for run in options.inputs {
      let own = curves.filter { $0.run == run }
      for step in Set(own.flatMap(\.steps)).sorted() {
        let errors = properties.map { property in
          own.first { $0.property == property }.flatMap { curve in
            curve.steps.firstIndex(of: step).map { curve.errors[$0] }
          }
        }
        table.add(run, [Double(step)] + errors)
      }
    }
    return table
  }

  private func figure(_ curves: [Curve]) -> Figure {
    let panels = Self.properties(of: curves).map { property in
      let unit = Self.unit(of: property)
      let layers = curves.filter { $0.property == property }.map { curve in
        let style = options.inputs.firstIndex(of: curve.run) ?? 0
        // The errors before the first step have no place on a logarithmic axis.
        let points = zip(curve.steps, curve.errors).filter { $0.0 > 0 }
        return Layer(
          .line(x: points.map { Double($0.0) }, y: points.map { unit.factor * $0.1 }),
          name: options.labels[style], style: style)
      }
      return Panel(
        x: Axis(label: "steps", scale: .logarithmic),
        y: Axis(label: "\(property) error (\(unit.name))", scale: .logarithmic), layers: layers)
    }
    return Figure("Learning curves: root mean squared errors", panels)
  }
}
