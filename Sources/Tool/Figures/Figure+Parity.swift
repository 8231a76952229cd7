import Atomistic
import Train

extension Figure {
  private static let mostPoints = 2000
  private static let errorBins = 60

  /// Predictions against labels, and the distribution of the errors, two panels for each property that has labels.
  init(parityOf properties: [Property], predicted: [Labels], structures: [Structure]) {
    self.init(
      "Predictions against labels",
      properties.enumerated().flatMap { style, property -> [Panel] in
        let pairs = property.pairs(of: predicted, in: structures)
        guard !pairs.isEmpty else { return [] }
        return [
          Self.parity(property, pairs, style: style), Self.errors(property, pairs, style: style),
        ]
      })
  }

  private static func parity(
    _ property: Property, _ pairs: [(label: Double, prediction: Double)], style: Int
  ) -> Panel {
    let stride = max(1, (pairs.count + mostPoints - 1) / mostPoints)
    let shown = Swift.stride(from: 0, to: pairs.count, by: stride).map { pairs[$0] }
    let ends = [
      pairs.lazy.map(\.label).min() ?? 0, pairs.lazy.map(\.label).max() ?? 0,
    ]
    let unit =
      property.unit.replacing("angstrom", with: "Å")
      + (property.isReportedPerAtom ? "/atom" : "")
    return Panel(
      x: Axis(label: "\(property.name), label (\(unit))"),
      y: Axis(label: "\(property.name), prediction (\(unit))"),
      layers: [
        Layer(.line(x: ends, y: ends), style: Palette.reference),
        Layer(
          .points(x: shown.map(\.label), y: shown.map(\.prediction)), name: property.name,
          style: style),
      ])
  }

  private static func errors(
    _ property: Property, _ pairs: [(label: Double, prediction: Double)], style: Int
  ) -> Panel {
    let errors = pairs.map { 1000 * ($0.prediction - $0.label) }
    let summary = ErrorSummary(errors)
    let half = max(4 * summary.rmse, 1e-9)
    let edges = (0...errorBins).map { half * (2 * Double($0) / Double(errorBins) - 1) }
    var counts = [Double](repeating: 0, count: errorBins)
    for error in errors where error.isFinite {
      let place = ((error / half + 1) / 2 * Double(errorBins)).rounded(.down)
      counts[Int(min(max(place, 0), Double(errorBins - 1)))] += 1
    }
    return Panel(
      x: Axis(
        label: "error of the \(property.name) "
          + "(\(property.errorUnit.replacing("angstrom", with: "Å")))"),
      y: Axis(label: "labels in a bin", startsAtZero: true),
      layers: [
        .steps(
          edges: edges, counts: counts, name: "RMSE \(decimal(summary.rmse, 2))", style: style)
      ])
  }
}

extension Property {
  /// The labels of structures that have some with their predictions; energies per atom.
  func pairs(
    of predicted: [Labels], in structures: [Structure]
  ) -> [(label: Double, prediction: Double)] {
    zip(predicted, structures).flatMap { labels, structure -> [(Double, Double)] in
      var prediction = structure
      prediction.labels = labels
      guard let references = reference(structure), let values = reference(prediction) else {
        return []
      }
      let scale = isReportedPerAtom ? 1 / Double(structure.count) : 1
      return zip(references, values).map { ($0 * scale, $1 * scale) }
    }
  }
}
