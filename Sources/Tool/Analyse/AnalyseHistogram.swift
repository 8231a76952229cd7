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
      table: table(histogram), figure: figure(histogram))
  }

  private func cells(
    _ histogram: EnergyDensityHistogram, _ dataset: Int
  ) -> [(density: ClosedRange<Double>, energy: ClosedRange<Double>, count: Int)] {
    let (densities, energies) = (histogram.densityEdges, histogram.energyEdges)
    return histogram.counts[dataset].enumerated().flatMap { row, counts in
      counts.enumerated().filter { $0.element > 0 }.map { column, count in
        (densities[row]...densities[row + 1], energies[column]...energies[column + 1], count)
      }
    }
  }

  private func table(_ histogram: EnergyDensityHistogram) -> SeriesTable {
    var table = SeriesTable([
      "dataset", "density_from_g_per_mL", "density_to_g_per_mL", "energy_from_eV_per_atom",
      "energy_to_eV_per_atom", "structures",
    ])
    for (index, path) in options.paths.enumerated() {
      for cell in cells(histogram, index) {
        table.add(
          path, cell.density.lowerBound, cell.density.upperBound, cell.energy.lowerBound,
          cell.energy.upperBound, Double(cell.count))
      }
    }
    return table
  }

  private func figure(_ histogram: EnergyDensityHistogram) -> Figure {
    let most = log(1 + Double(histogram.counts.joined().joined().max() ?? 1))
    let layers = options.labels.enumerated().map { index, name in
      let drawn = cells(histogram, index).map { cell in
        Layer.Cell(
          x: cell.density, y: cell.energy,
          opacity: 0.15 + 0.75 * log(1 + Double(cell.count)) / most)
      }
      return Layer(.cells(drawn), name: name, style: index)
    }
    return Figure(
      "Energy per atom against density",
      [
        Panel(
          x: Axis(label: "density (g/mL)"), y: Axis(label: "energy per atom (eV)"), layers: layers)
      ])
  }
}
