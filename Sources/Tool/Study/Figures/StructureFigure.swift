import Atomistic

/// Radial distribution functions (figure 4 of Shao et al.).
enum StructureFigure: StudyFigure {
  static let name = "rdf"
  static let caption =
    "Radial distribution functions of the teacher and of each group's arm with the smallest "
    + "validation loss: the mean over stable models and a band of one standard deviation."

  static func draw(_ results: StudyResults) -> (figure: Figure, table: SeriesTable)? {
    var table = SeriesTable(["model", "r_angstrom", "g", "deviation"])
    var panels: [Panel] = []
    for regime in results.regimes {
      for simulation in results.configuration.simulations {
        for pair in simulation.pairs {
          var layers: [Layer] = []
          func add(_ runs: [SimulationResult], _ label: String, _ style: Int) {
            let curves = runs.compactMap { $0.distributions[pair] }
            guard let first = curves.first else { return }
            let band = Band(curves.map(\.g))
            for index in band.mean.indices {
              table.add(
                "\(regime) \(simulation.name) \(pair) \(label)", first.r[index], band.mean[index],
                band.deviation?[index])
            }
            layers += Layer.curve(
              x: first.r, y: band.mean, deviation: band.deviation, name: label, style: style)
          }
          for (style, cell) in results.chosenCells(in: regime) {
            add(cell.models.compactMap { $0.simulations[simulation.name] }, cell.arm, style)
          }
          let truth = results.reference(simulation.name)?.runs.map(\.result) ?? []
          add(truth, "teacher", Palette.reference)
          guard !layers.isEmpty else { continue }
          panels.append(
            Panel(
              title: "\(regime), \(simulation.name)",
              x: Axis(label: "distance \(pair) (Å)", range: 0...simulation.range),
              y: Axis(label: "g(r)", startsAtZero: true), layers: layers))
        }
      }
    }
    return panels.isEmpty ? nil : (Figure("Radial distribution functions", panels), table)
  }
}
