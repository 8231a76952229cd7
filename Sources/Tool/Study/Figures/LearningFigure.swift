import Atomistic

/// Root mean squared errors against steps (figure 3 of Shao et al.).
enum LearningFigure: StudyFigure {
  static let name = "learning"
  static let caption =
    "Root mean squared errors of validation against steps, the mean over models and a band of one "
    + "standard deviation; of each group the arm with the smallest validation loss."

  static func draw(_ results: StudyResults) -> (figure: Figure, table: SeriesTable)? {
    var table = SeriesTable(["arm", "step", "error", "deviation"])
    var panels: [Panel] = []
    for regime in results.regimes {
      for property in results.properties {
        var layers: [Layer] = []
        for (style, cell) in results.chosenCells(in: regime) {
          let curves = cell.models.compactMap { $0.result?.curve.filter { $0.step > 0 } }
            .filter { !$0.isEmpty }
          guard let first = curves.first else { continue }
          let band = Band(curves.map { $0.map { $0.errors[property.name] ?? .nan } })
          let steps = first.prefix(band.mean.count).map { Double($0.step) }
          for index in steps.indices {
            table.add(
              "\(regime) \(property.name) \(cell.arm)", steps[index], band.mean[index],
              band.deviation?[index])
          }
          layers += Layer.curve(
            x: steps, y: band.mean.map { 1000 * $0 },
            deviation: band.deviation?.map { 1000 * $0 }, name: cell.arm, style: style)
        }
        guard !layers.isEmpty else { continue }
        panels.append(
          Panel(
            title: regime, x: Axis(label: "steps", scale: .logarithmic),
            y: Axis(label: "\(property.name) error (\(property.unit))", scale: .logarithmic),
            layers: layers))
      }
    }
    return panels.isEmpty ? nil : (Figure("Learning curves", panels), table)
  }
}
