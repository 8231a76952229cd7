import Atomistic
import Foundation
import Tensors
import Train

/// The files in which a study tells its results: `study.json`, figures with their numbers, `report.html`.
struct StudyReport {
  let results: StudyResults
  let study: StudyDirectory

  /// Collects the results that there are.
  init(_ plan: StudyPlan, in study: StudyDirectory) {
    (results, self.study) = (StudyResults(plan, in: study), study)
  }

  /// Writes all files.
  ///
  /// Throws `FileError` and `ConfigurationError` where one cannot be written.
  func write() throws {
    try Folder.make(study.figures.path)
    try Folder.make(study.tables.path)
    var page = HTMLPage(results.configuration.title)
    tellState(&page)
    tellVerdicts(&page)
    tellTables(&page)
    page.heading("Figures")
    for kind in [any StudyFigure.Type].standard {
      guard let (figure, table) = kind.draw(results) else { continue }
      try WholeFile.write(
        figure.svg, to: study.figures.appendingPathComponent("\(kind.name).svg").path)
      try WholeFile.write(
        table.text, to: study.tables.appendingPathComponent("\(kind.name).csv").path)
      page.figure(figure, caption: kind.caption)
    }
    try tellSetup(&page)
    try WholeFile.write(StrictJSON.text(of: results), to: study.results.path)
    try WholeFile.write(page.text, to: study.report.path)
  }

  private func tellState(_ page: inout HTMLPage) {
    let configuration = results.configuration
    page.paragraph(
      "\(counted(configuration.arms.count, "arm")) in "
        + "\(counted(configuration.regimes.count, "regime")) with \(configuration.seeds) models "
        + "each; the teacher is \(configuration.teacher), whose own simulations are the truth.")
    if !results.missing.isEmpty {
      page.paragraph(
        "The study is not complete: \(counted(results.missing.count, "run")) are still to be done. "
          + "All numbers below are of what there is.")
    }
    guard !results.failures.isEmpty else { return }
    page.heading("Failed runs")
    page.table(
      ["run", "reason"], results.failures.sorted { $0.key < $1.key }.map { [$0.key, $0.value] })
  }

  private func tellVerdicts(_ page: inout HTMLPage) {
    page.heading("Answers")
    guard !results.verdicts.isEmpty else {
      return page.paragraph(
        "There are none yet: they need a simulation at constant pressure of the teacher.")
    }
    for verdict in results.verdicts { page.answer(verdict.question, verdict.answer) }
  }

  private func tellTables(_ page: inout HTMLPage) {
    page.heading("Results")
    for regime in results.regimes {
      page.subheading(regime)
      let cells = results.cells.filter { $0.regime == regime }
      let columns =
        ["arm", "learning rate"] + results.properties.map { "\($0.name) (\($0.unit))" }
      let errorRows = cells.map { cell -> [String] in
        let errors = results.properties.map { property in
          cell.errors[property.name].map {
            Estimate(mean: 1000 * $0.mean, error: $0.error.map { 1000 * $0 }).text(2)
          } ?? "–"
        }
        return [cell.arm, cell.learningRate.map { String(format: "%g", $0) } ?? "–"] + errors
      }
      page.table(columns, errorRows)
      for simulation in results.densitySimulations {
        let rows = cells.map { cell -> [String] in
          let summary = cell.simulations.first { $0.simulation == simulation.name }
          return [
            cell.arm, summary?.density?.text(4) ?? "–", summary?.densityError?.text(4) ?? "–",
            summary.map { "\($0.stable.successes) of \($0.stable.trials)" } ?? "–",
          ]
        }
        page.table(
          ["\(simulation.name)", "density (g/mL)", "less the teacher's", "stable"], rows)
      }
    }
    page.paragraph(
      "Means over models with standard errors over models; errors are root mean squares of "
        + "validation structures.")
    let teacher = results.teacher.map { reference in
      [reference.simulation, reference.density?.text(4) ?? "–", "\(reference.runs.count)"]
    }
    if !teacher.isEmpty {
      page.subheading("Teacher")
      page.table(["simulation", "density (g/mL)", "runs"], teacher)
    }
  }

  private func tellSetup(_ page: inout HTMLPage) throws {
    page.heading("Set-up")
    page.table(
      ["regime", "structures", "source"],
      results.configuration.regimes.map { regime in
        [
          regime.name, results.structures[regime.name].map { "\($0)" } ?? "–",
          regime.file
            ?? "\(regime.molecules) molecules, "
            + "\(NumberList(regime.densities).argument) g/mL, "
            + "\(NumberList(regime.temperatures).argument) K",
        ]
      })
    page.table(
      ["simulation", "ensemble", "temperature (K)", "steps", "time step (fs)", "molecules"],
      results.configuration.simulations.map { one in
        [
          one.name, one.ensemble.rawValue, decimal(one.temperature, 0), "\(one.steps)",
          decimal(one.timestep, 2), "\(one.molecules)",
        ]
      })
    page.details(
      "The whole configuration", text: try StrictJSON.text(of: results.configuration))
    page.paragraph("Written by \(AtomFlowVersion.text).")
  }
}
