import Atomistic

/// Errors, densities and stable models against the learning rate (figures 7 and S1 of Shao et al.).
enum LearningRateFigure: StudyFigure {
  static let name = "learning-rate"
  static let caption =
    "Against the learning rate at the first step: root mean squared errors of validation, the density "
    + "of stable models at constant pressure, and how many models are stable. Bars are one standard deviation over models; the dashed "
    + "line is the teacher."

  static func draw(_ results: StudyResults) -> (figure: Figure, table: SeriesTable)? {
    var table = SeriesTable(["arm", "learning_rate", "value", "deviation"])
    var panels: [Panel] = []
    for regime in results.regimes {
      let cells = results.cells.filter { $0.regime == regime && $0.learningRate != nil }
      /// A panel of one number of each model, with a dashed level.
      func add(
        _ title: String, _ axis: Axis, level: Double? = nil,
        _ values: (StudyResults.Cell) -> [Double]
      ) {
        var layers = results.groups.enumerated().compactMap { style, group -> Layer? in
          let points = cells.filter { $0.group == group }.compactMap { cell in
            let own = values(cell)
            guard let rate = cell.learningRate, !own.isEmpty else { return nil as Point? }
            let (mean, deviation) = Estimate.moments(own)
            table.add("\(title) \(cell.arm)", rate, mean, deviation)
            return Point(rate: rate, mean: mean, deviation: deviation ?? .nan)
          }
          guard !points.isEmpty else { return nil }
          return Layer(
            .bars(x: points.map(\.rate), y: points.map(\.mean), error: points.map(\.deviation)),
            name: group, style: style)
        }
        guard !layers.isEmpty else { return }
        if let level {
          layers.append(Layer(.level(level), name: "teacher", style: Palette.reference))
        }
        panels.append(
          Panel(
            title: regime, x: Axis(label: "learning rate", scale: .logarithmic), y: axis,
            layers: layers))
      }
      for property in results.properties {
        add(
          "\(regime) \(property.name)",
          Axis(label: "\(property.name) error (\(property.unit))", startsAtZero: true)
        ) { cell in cell.models.compactMap { $0.result?.errors[property.name] }.map { 1000 * $0 } }
      }
      for simulation in results.densitySimulations {
        add(
          "\(regime) density", Axis(label: "density in \(simulation.name) (g/mL)"),
          level: results.reference(simulation.name)?.density?.mean
        ) { cell in cell.models.compactMap { $0.simulations[simulation.name]?.density?.mean } }
        add(
          "\(regime) stable", Axis(label: "stable models in \(simulation.name)", startsAtZero: true)
        ) { cell in
          let summary = cell.simulations.first { $0.simulation == simulation.name }
          return summary.map { $0.stable.trials > 0 ? [Double($0.stable.successes)] : [] } ?? []
        }
      }
    }
    return panels.isEmpty ? nil : (Figure("Against the learning rate", panels), table)
  }

  private struct Point {
    var rate, mean, deviation: Double
  }
}
