import Atomistic
import Foundation
import Train

/// `atomflow analyse weights`: the weights of models and how far they have gone.
struct AnalyseWeights: Command {
  static let name = "analyse weights"
  static let summary = "Show how weights are distributed and how far they have gone"
  static let discussion =
    "The distribution of the weights of each model, their norm, and their distance from the weights "
    + "that the model's seed gives before the first step. The second panel shows the distance against "
    + "steps, where metrics.csv of the run has it."
  static let example =
    "atomflow analyse weights water-ekf water-adam --svg weights.svg --csv weights.csv"

  static let directories = Positional<String>("DIR", .several, help: "Model directories.")
  static let parameters: [any Parameter] = [directories] + ResultOptions.parameters

  /// The JSON of one model.
  private struct Report: Encodable {
    var weights: WeightDistribution
    var steps: [Int]
    var distances: [Double]
  }

  let results: ResultOptions

  init(_ arguments: Arguments) throws(UsageError) {
    results = try ResultOptions(arguments, inputs: arguments.all(Self.directories))
  }

  func run(in tool: Tool) throws {
    try results.checkFiles()
    let reports = try results.inputs.map { path in try Self.report(path, tool.catalog) }
    let named = Dictionary(zip(results.inputs, reports)) { first, _ in first }
    let lines = zip(results.inputs, reports).map { path, report in
      "\(path): norm \(decimal(report.weights.norm, 3))"
        + (report.weights.distance.map { ", distance from the first weights \(decimal($0, 3))" }
          ?? "") + "\n"
    }
    try results.publish(
      json: try StrictJSON.text(of: ["weights": named]), text: lines.joined(),
      table: table(reports), figure: figure(reports))
  }

  private static func report(_ path: String, _ catalog: Catalog) throws -> Report {
    let directory = ModelDirectory(path)
    let model = try TrainedModel.load(directory.url, kinds: catalog.models)
    var report = Report(weights: WeightDistribution(of: model), steps: [], distances: [])
    guard FileManager.default.fileExists(atPath: directory.metrics.path) else { return report }
    let table = try MetricsTable(contentsOf: directory.metrics, allowingUnfinishedRow: true)
    guard let column = table.columns.firstIndex(of: WeightNorms.distanceName) else {
      return report
    }
    for row in table.rows {
      guard let distance = row.values[column] else { continue }
      report.steps.append(row.step)
      report.distances.append(distance)
    }
    return report
  }

  private func table(_ reports: [Report]) -> SeriesTable {
    var table = SeriesTable(["model", "from", "to", "weights"])
    for (path, report) in zip(results.inputs, reports) {
      let edges = report.weights.edges
      for (bin, count) in report.weights.counts.enumerated() {
        table.add(path, edges[bin], edges[bin + 1], Double(count))
      }
    }
    return table
  }

  private func figure(_ reports: [Report]) -> Figure {
    let layers = zip(results.labels, reports).enumerated().compactMap { style, own in
      WeightDistribution.layer([own.1.weights], name: own.0, style: style)
    }
    var panels = [WeightDistribution.panel(layers)]
    let curves = zip(results.labels, reports).enumerated().compactMap { style, own -> Layer? in
      let points = zip(own.1.steps, own.1.distances).filter { $0.0 > 0 }
      guard !points.isEmpty else { return nil }
      return Layer(
        .line(x: points.map { Double($0.0) }, y: points.map(\.1)), name: own.0, style: style)
    }
    if !curves.isEmpty {
      panels.append(
        Panel(
          x: Axis(label: "steps", scale: .logarithmic),
          y: Axis(label: "distance from the first weights", startsAtZero: true), layers: curves))
    }
    return Figure("Weights", panels)
  }
}
