import Atomistic
import Foundation
import Train

/// `atomflow analyse histogram`: energy per atom against density.
struct AnalyseHistogram: Command {
  static let name = "analyse histogram"
  static let summary = "Show how datasets cover energy and density"
  static let discussion =
    "Counts the structures of one or more datasets by energy per atom and density, in bins common to "
    + "all. All frames are taken unless --from says otherwise. In the figure each dataset has its "
    + "colour, stronger where there are more of its structures."
  static let example =
    "atomflow analyse histogram training.extxyz --svg coverage.svg\n"
    + "atomflow analyse histogram training.extxyz npt.extxyz --bins 30 --csv coverage.csv"

  static let bins = Option<Int>("bins", "N", default: 40, help: "The bins along each axis.")
  static let parameters: [any Parameter] = AnalyseOptions.parameters + [bins]

  /// The JSON of all datasets.
  private struct Report: Encodable {
    struct Dataset: Encodable {
      var dataset: String
      var structures: Int
      var density, energyPerAtom: Spread
      var counts: [[Int]]
    }
    struct Spread: Encodable {
      var mean: Double
      var deviation: Double?

      init(_ values: [Double]) { (mean, deviation) = Estimate.moments(values) }
    }
    var densityEdges, energyEdges: [Double]
    var datasets: [Dataset]
  }

  let options: AnalyseOptions
  let bins: Int

  init(_ arguments: Arguments) throws(UsageError) {
    options = try AnalyseOptions(arguments, from: 0)
    bins = arguments.value(Self.bins)
    guard (1...1000).contains(bins) else {
      throw .rule("--bins should lie in 1...1000, but is \(bins).")
    }
  }

  func run(in tool: Tool) throws {
    let datasets = try options.forEachTrajectory(labels: .energy, in: tool) { trajectory, frames in
      var dataset = EnergyDensityHistogram.Dataset()
      try trajectory.forEach(in: frames) { frame throws(FrameFault) in try dataset.add(frame) }
      return dataset
    }
    let histogram = EnergyDensityHistogram(datasets, bins: bins)
    let report = Report(
      densityEdges: histogram.densityEdges, energyEdges: histogram.energyEdges,
      datasets: datasets.indices.map { index in
        Report.Dataset(
          dataset: options.paths[index], structures: datasets[index].energies.count,
          density: Report.Spread(datasets[index].densities),
          energyPerAtom: Report.Spread(datasets[index].energies), counts: histogram.counts[index])
      })
    let lines = report.datasets.map { own in
      "\(own.dataset): \(own.structures) structures, density \(decimal(own.density.mean, 4)) ± "
        + "\(decimal(own.density.deviation ?? 0, 4)) g/mL, energy "
        + "\(decimal(own.energyPerAtom.mean, 5)) ± \(decimal(own.energyPerAtom.deviation ?? 0, 5)) "
        + "eV/atom (standard deviations)\n"
    }
    try options.publish(
      json: try StrictJSON.text(of: ["histogram": report]), text: lines.joined(),
      table: histogram.table(names: options.paths), figure: histogram.figure(names: options.labels))
  }
}
