/// A figure of a study's report.
protocol StudyFigure {
  /// The name of its files, such as `learning`.
  static var name: String { get }
  /// A sentence below it: what is shown, and what bars and bands mean.
  static var caption: String { get }

  /// The figure and its numbers; nil as long as there is nothing to show.
  static func draw(_ results: StudyResults) -> (figure: Figure, table: SeriesTable)?
}

extension [any StudyFigure.Type] {
  /// The figures of a report in their order.
  static var standard: Self {
    [
      CoverageFigure.self, LearningFigure.self, StructureFigure.self, DensityFigure.self,
      LearningRateFigure.self, WeightDistanceFigure.self, WeightFigure.self, FisherFigure.self,
      FisherRateFigure.self,
    ]
  }
}

extension StudyResults {
  /// The arms of a regime that were chosen by validation, one of each group, with the number of the group.
  func chosenCells(in regime: String) -> [(style: Int, cell: Cell)] {
    groups.enumerated().compactMap { index, group in
      chosen(group, in: regime).map { (index, $0) }
    }
  }

  /// The names of the regimes.
  var regimes: [String] { configuration.regimes.map(\.name) }

  /// The properties that trainings learn, with their units in figures.
  var properties: [(name: String, unit: String)] {
    configuration.training.terms.map { term in
      (term.property.name, term.property.errorUnit.replacing("angstrom", with: "Å"))
    }
  }
}
