import Foundation
import Train

/// The spectra of the Fisher information by optimizer (figure 9 of Shao et al.).
enum FisherFigure: StudyFigure {
  static let name = "fisher"
  static let caption =
    "The distribution of the eigenvalues of the Fisher information over the labels, of the first model of each "
    + "group's arm with the smallest validation loss."

  static func draw(_ results: StudyResults) -> (figure: Figure, table: SeriesTable)? {
    draw(results, title: "Fisher information by optimizer") { regime in
      results.chosenCells(in: regime).map { ($0.style, $0.cell) }
    }
  }

  static func draw(
    _ results: StudyResults, title: String,
    _ cells: (_ regime: String) -> [(style: Int, cell: StudyResults.Cell)]
  ) -> (figure: Figure, table: SeriesTable)? {
    var table = SeriesTable(["arm", "eigenvalue", "count"])
    let panels = results.regimes.compactMap { regime -> Panel? in
      let spectra = cells(regime).compactMap { style, cell in
        cell.models.compactMap(\.fisher).first.map { (cell.arm, style, $0) }
      }
      for (name, _, spectrum) in spectra {
        for (value, count) in zip(spectrum.values, spectrum.counts) {
          table.add("\(regime) \(name)", value, count)
        }
      }
      return FisherSpectrum.panel(spectra, title: regime)
    }
    return panels.isEmpty ? nil : (Figure(title, panels), table)
  }
}

/// The spectra of the Fisher information by learning rate (figure 9 of Shao et al.).
enum FisherRateFigure: StudyFigure {
  static let name = "fisher-by-rate"
  static let caption =
    "The distribution of the eigenvalues of the Fisher information over the labels, of the first model of every "
    + "arm."

  static func draw(_ results: StudyResults) -> (figure: Figure, table: SeriesTable)? {
    FisherFigure.draw(results, title: "Fisher information by arm") { regime in
      results.cells.filter { $0.regime == regime }.enumerated().map { ($0, $1) }
    }
  }
}

extension FisherSpectrum {
  private static let decades = 14.0
  private static let binsPerDecade = 3

  /// A panel of the numbers of eigenvalues in intervals of their logarithm; nil without any.
  static func panel(
    _ spectra: [(name: String, style: Int, spectrum: FisherSpectrum)], title: String? = nil
  ) -> Panel? {
    guard let highest = spectra.compactMap(\.spectrum.values.first).max() else { return nil }
    let high = log10(highest).rounded(.up)
    let bins = Int(decades) * binsPerDecade
    let edges = (0...bins).map {
      pow(10, high - decades + Double($0) / Double(binsPerDecade))
    }
    let layers = spectra.map { name, style, spectrum in
      Layer.steps(
        edges: edges,
        counts: spectrum.histogram(from: high - decades, to: high, bins: bins),
        name: name, style: style)
    }
    return Panel(
      title: title, x: Axis(label: "eigenvalue", scale: .logarithmic),
      y: Axis(label: "eigenvalues in a third of a decade", startsAtZero: true), layers: layers)
  }
}
