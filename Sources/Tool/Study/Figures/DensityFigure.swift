import Atomistic

/// The density against time at constant pressure (figure 5 of Shao et al.).
enum DensityFigure: StudyFigure {
  static let name = "density"
  static let caption =
    "The density against time at constant pressure, a line for each model of each group's arm with "
    + "the smallest validation loss; a cross marks a simulation that left its limits, the dashed line "
    + "is the mean of the teacher."

  static func draw(_ results: StudyResults) -> (figure: Figure, table: SeriesTable)? {
    var table = SeriesTable(["model", "time_ps", "density_g_per_mL"])
    var panels: [Panel] = []
    for regime in results.regimes {
      for simulation in results.densitySimulations {
        for (style, cell) in results.chosenCells(in: regime) {
          var layers: [Layer] = []
          for model in cell.models {
            guard let run = model.simulations[simulation.name] else { continue }
            let label = "seed \(model.seed)"
            for (time, density) in zip(run.time, run.densities) {
              table.add("\(regime) \(simulation.name) \(cell.arm) \(label)", time, density)
            }
            // One colour for a group; its models differ by their dashes.
            let line = style + 7 * (layers.count % 4)
            layers.append(Layer(.line(x: run.time, y: run.densities), name: label, style: line))
            if !run.isStable, let time = run.time.last, let density = run.densities.last {
              layers.append(Layer(.crosses(x: [time], y: [density]), style: line))
            }
          }
          guard !layers.isEmpty else { continue }
          if let truth = results.reference(simulation.name)?.density {
            layers.append(
              Layer(
                .level(truth.mean), name: "teacher \(truth.text(3))", style: Palette.reference))
          }
          panels.append(
            Panel(
              title: "\(regime), \(simulation.name), \(cell.arm)",
              x: Axis(label: "time (ps)", startsAtZero: true), y: Axis(label: "density (g/mL)"),
              layers: layers))
        }
      }
    }
    return panels.isEmpty ? nil : (Figure("Density against time", panels), table)
  }
}
