import Atomistic
import Train

/// The distance of the weights from the first ones (figure 8a of Shao et al.).
enum WeightDistanceFigure: StudyFigure {
  static let name = "weight-distance"
  static let caption =
    "The distance |w - w(0)| of the weights from the first ones against steps: the mean over models and a "
    + "band of one standard deviation, of each group's arm with the smallest validation loss."

  static func draw(_ results: StudyResults) -> (figure: Figure, table: SeriesTable)? {
    var table = SeriesTable(["arm", "step", "distance", "deviation"])
    let panels = results.regimes.compactMap { regime -> Panel? in
      var layers: [Layer] = []
      for (style, cell) in results.chosenCells(in: regime) {
        let curves = cell.models.compactMap { model in
          model.result?.curve.filter { $0.step > 0 && $0.distance != nil }
        }.filter { !$0.isEmpty }
        guard let first = curves.first else { continue }
        let band = Band(curves.map { $0.map { $0.distance ?? .nan } })
        let steps = first.prefix(band.mean.count).map { Double($0.step) }
        for index in steps.indices {
          table.add(
            "\(regime) \(cell.arm)", steps[index], band.mean[index], band.deviation?[index])
        }
        layers += Layer.curve(
          x: steps, y: band.mean, deviation: band.deviation, name: cell.arm, style: style)
      }
      guard !layers.isEmpty else { return nil }
      return Panel(
        title: regime, x: Axis(label: "steps", scale: .logarithmic),
        y: Axis(label: "distance of the weights", startsAtZero: true), layers: layers)
    }
    return panels.isEmpty ? nil : (Figure("Distance of the weights", panels), table)
  }
}

/// The distribution of the weights of models (figure 8b of Shao et al.).
enum WeightFigure: StudyFigure {
  static let name = "weights"
  static let caption =
    "The distribution of the weights, all models of each group's arm with the smallest validation loss "
    + "together; the outer bins hold the weights beyond."

  static func draw(_ results: StudyResults) -> (figure: Figure, table: SeriesTable)? {
    var table = SeriesTable(["arm", "from", "to", "share"])
    let panels = results.regimes.compactMap { regime -> Panel? in
      let layers = results.chosenCells(in: regime).compactMap { style, cell -> Layer? in
        let all = cell.models.compactMap { $0.result?.weights }
        guard let layer = WeightDistribution.layer(all, name: cell.arm, style: style) else {
          return nil
        }
        for (index, share) in WeightDistribution.shares(all).enumerated() {
          table.add("\(regime) \(cell.arm)", all[0].edges[index], all[0].edges[index + 1], share)
        }
        return layer
      }
      guard !layers.isEmpty else { return nil }
      return WeightDistribution.panel(layers, title: regime)
    }
    return panels.isEmpty ? nil : (Figure("Distribution of the weights", panels), table)
  }
}

extension WeightDistribution {
  /// The share of weights in each bin, over several models with the same bins.
  static func shares(_ all: [WeightDistribution]) -> [Double] {
    guard let bins = all.first?.counts.indices else { return [] }
    let sums = bins.map { bin in all.reduce(0) { $0 + $1.counts[bin] } }
    let total = Double(max(1, sums.reduce(0, +)))
    return sums.map { Double($0) / total }
  }

  /// The shares of several models as a line of steps.
  static func layer(_ all: [WeightDistribution], name: String, style: Int) -> Layer? {
    guard let edges = all.first?.edges else { return nil }
    let shares = shares(all).map { $0 > 0 ? $0 : .nan }
    return .steps(edges: edges, counts: shares, name: name, style: style)
  }

  /// The panel of such lines.
  static func panel(_ layers: [Layer], title: String? = nil) -> Panel {
    Panel(
      title: title, x: Axis(label: "weight"),
      y: Axis(label: "share of weights in a bin", scale: .logarithmic), layers: layers)
  }
}
