import Atomistic
import Foundation
import Train

/// `atomflow analyse curves`: learning curves of several runs of the same training as a band.
struct AnalyseCurves: Command {
  /// What errors are drawn against.
  enum Abscissa: String, CaseIterable, ArgumentValue { case steps, labels, seconds }

  static let name = "analyse curves"
  static let summary = "Draw learning curves with bands over seeds"
  static let discussion =
    "Root mean squared errors of validation against steps, labels or seconds. Runs whose config.json differs "
    + "only in its seed make one curve, their mean, with a band of one standard deviation. Seconds are "
    + "those of the event files, without the time between the parts of a resumed run. --floor names a "
    + "run, such as one with Levenberg-Marquardt steps on all labels, whose smallest error is drawn as a "
    + "dashed line: what the network can reach."
  static let example =
    "atomflow analyse curves ekf-1 ekf-2 ekf-3 adam-1 adam-2 adam-3 --against labels \\\n"
    + "  --floor lm --svg curves.svg"

  static let directories = Positional<String>("DIR", .several, help: "Model directories.")
  static let against = Option<Abscissa>(
    "against", "NAME", default: .steps, help: "steps, labels or seconds.")
  static let floor = Option<String>(
    "floor", "DIR", help: "A model directory whose smallest errors are drawn as lines.")
  static let parameters: [any Parameter] =
    [directories, against, floor] + ResultOptions.parameters

  /// One training with some seeds.
  struct Curve: Encodable {
    /// The directory of the first run.
    var name: String
    /// The number of runs.
    var runs: Int
    /// The property.
    var property: String
    /// Steps, labels or seconds.
    var x: [Double]
    /// The mean error over runs, and the standard deviation of several.
    var error: Band
  }

  /// A run as its directory tells it.
  private struct Run {
    var path: String
    /// The configuration without its seed; the path where there is none.
    var key: String
    var x: [Double]
    var errors: [String: [Double]]
  }

  let options: ResultOptions
  let abscissa: Abscissa
  let floor: String?

  init(_ arguments: Arguments) throws(UsageError) {
    options = try ResultOptions(arguments, inputs: arguments.all(Self.directories))
    abscissa = arguments.value(Self.against)
    floor = arguments[Self.floor]
  }

  func run(in tool: Tool) throws {
    try options.checkFiles()
    let runs = try options.inputs.map { try run($0, tool.catalog) }
    let keys = runs.map(\.key).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    let curves = keys.flatMap { key in Self.curves(runs.filter { $0.key == key }) }
    let floors =
      try floor.map { try run($0, tool.catalog).errors.compactMapValues { $0.min() } } ?? [:]
    let lines = curves.map { curve in
      let last = curve.error.mean.count - 1
      let deviation = curve.error.deviation.map { " ± \(decimal(1000 * $0[last], 3))" } ?? ""
      return "\(curve.name) (\(counted(curve.runs, "run"))): \(curve.property) "
        + "\(decimal(1000 * curve.error.mean[last], 3))\(deviation) "
        + "\(Self.unit(curve.property)) after \(decimal(curve.x[last], 0)) \(abscissa.rawValue)\n"
    }
    try options.publish(
      json: try StrictJSON.text(of: ["curves": curves]), text: lines.joined(),
      table: table(curves), figure: figure(curves, floors))
  }

  private func run(_ path: String, _ catalog: Catalog) throws -> Run {
    let directory = ModelDirectory(path)
    var configuration = try TrainingConfiguration.read(
      directory.configurationFile.path, catalog: catalog)
    let table = try MetricsTable(contentsOf: directory.metrics, allowingUnfinishedRow: true)
    let names = configuration.terms.map(\.property.name)
    // Before the first step there is no place on a logarithmic axis.
    let times = abscissa == .seconds ? EventTimes(directory: directory.url) : nil
    var run = Run(path: path, key: path, x: [], errors: [:])
    for row in table.rows where row.step > 0 {
      let x: Double? =
        switch abscissa {
        case .steps: Double(row.step)
        case .labels: configuration.labelsPerStep.map { $0 * Double(row.step) }
        case .seconds: times?.seconds(atStep: row.step)
        }
      guard let x else { continue }
      run.x.append(x)
      for name in names {
        let column = ["validation", "training"].lazy.compactMap { part in
          table.columns.firstIndex(of: "\(part).\(name).rmse").flatMap { row.values[$0] }
        }.first
        if let column { run.errors[name, default: []].append(column) }
      }
    }
    guard !run.x.isEmpty else {
      throw ToolError(
        "\(path) has no errors against \(abscissa.rawValue) yet; train the model first")
    }
    configuration.seed = 0
    run.key = try configuration.settled
    return run
  }

  private static func curves(_ runs: [Run]) -> [Curve] {
    guard let first = runs.first else { return [] }
    return first.errors.keys.sorted().map { property in
      let band = Band(runs.compactMap { $0.errors[property] })
      let x = Band(runs.map(\.x)).mean.prefix(band.mean.count)
      return Curve(
        name: first.path, runs: runs.count, property: property, x: Array(x), error: band)
    }
  }

  private static func unit(_ property: String) -> String {
    [Property.energy, .force, .stress].first { $0.name == property }?.errorUnit
      .replacing("angstrom", with: "Å") ?? ""
  }

  private func table(_ curves: [Curve]) -> SeriesTable {
    var table = SeriesTable(["run", abscissa.rawValue, "error", "deviation"])
    for curve in curves {
      for index in curve.error.mean.indices {
        table.add(
          "\(curve.name) \(curve.property)", curve.x[index], curve.error.mean[index],
          curve.error.deviation?[index])
      }
    }
    return table
  }

  private func figure(_ curves: [Curve], _ floors: [String: Double]) -> Figure {
    let names = curves.map(\.name).reduce(into: [String]()) {
      if !$0.contains($1) { $0.append($1) }
    }
    let properties = Set(curves.map(\.property)).sorted()
    return Figure(
      "Learning curves",
      properties.map { property in
        var layers = curves.filter { $0.property == property }.flatMap { curve -> [Layer] in
          let style = names.firstIndex(of: curve.name) ?? 0
          return Layer.curve(
            x: curve.x, y: curve.error.mean.map { 1000 * $0 },
            deviation: curve.error.deviation?.map { 1000 * $0 },
            name: URL(fileURLWithPath: curve.name).lastPathComponent, style: style)
        }
        if let least = floors[property] {
          layers.append(Layer(.level(1000 * least), name: "floor", style: Palette.reference))
        }
        return Panel(
          x: Axis(label: abscissa.rawValue, scale: .logarithmic),
          y: Axis(label: "\(property) error (\(Self.unit(property)))", scale: .logarithmic),
          layers: layers)
      })
  }
}

extension TrainingConfiguration {
  /// The labels of a step on average, as each kind is drawn as often as the others; nil where steps
  /// take whole structures.
  var labelsPerStep: Double? {
    guard case .labels(let perStep, _) = schedule.schedule.batch else { return nil }
    let used = terms.compactMap { perStep[$0.property.name] }.filter { $0 > 0 }
    return used.isEmpty ? nil : Double(used.reduce(0, +)) / Double(used.count)
  }
}
