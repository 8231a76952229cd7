import Atomistic

/// The datasets by density and energy per atom (figures 2 and 6 of Shao et al.).
enum CoverageFigure: StudyFigure {
  static let name = "coverage"
  static let caption =
    "Structures of the datasets by density and energy per atom, stronger where there are more; the "
    + "dashed line is the density of the teacher at constant pressure."

  static func draw(_ results: StudyResults) -> (figure: Figure, table: SeriesTable)? {
    let datasets = results.coverage.filter { !$0.dataset.energies.isEmpty }
    guard !datasets.isEmpty else { return nil }
    let histogram = EnergyDensityHistogram(datasets.map(\.dataset), bins: 40)
    let names = datasets.map(\.regime)
    var figure = histogram.figure(names: names)
    for simulation in results.densitySimulations {
      guard let density = results.reference(simulation.name)?.density?.mean else { continue }
      figure.panels[0].layers.append(
        Layer(
          .upright(density), name: "teacher, \(simulation.name)", style: Palette.reference))
    }
    return (figure, histogram.table(names: names))
  }
}
