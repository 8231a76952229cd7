import Foundation
import TestSupport
import Testing
import Train

@testable import AtomFlowTool

@Suite("Learning curves of runs are compared")
struct LearningTests {
  /// Writes the metrics of a run whose force error falls as one over the step.
  private func write(_ name: String, validated: Bool, in folder: URL) throws {
    let directory = folder.appendingPathComponent(name)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    let table = MetricsTable(
      columns: [
        "training.energy.rmse", "training.force.rmse", "validation.energy.rmse",
        "validation.force.rmse", "validation.force.mae",
      ],
      rows: [0, 10, 100].map { step in
        let error = 1 / Double(step + 1)
        return .init(
          step: step,
          values: [0.5, 2 * error, validated ? 0.001 : nil, validated ? error : nil, nil])
      })
    try Data(table.text.utf8).write(to: directory.appendingPathComponent("metrics.csv"))
  }

  @Test("the smallest errors of validation, or else of training, with their steps")
  func curves() throws {
    try withTemporaryDirectory { folder in
      try write("ekf", validated: true, in: folder)
      try write("adam", validated: false, in: folder)
      let words = ["analyse", "learning", "ekf", "adam", "--csv", "a.csv", "--svg", "a.svg"]
      let run = try BuiltTool(words, in: folder)
      #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
      #expect(run.output.contains("ekf: force 9.901 meV/Å after 100 of 100 steps"))
      #expect(run.output.contains("ekf: energy 1.000 meV/atom after 0 of 100 steps"))
      #expect(run.output.contains("adam: force 19.802 meV/Å after 100 of 100 steps"))
      let csv = try String(contentsOf: folder.appendingPathComponent("a.csv"), encoding: .utf8)
      let lines = csv.split(separator: "\n")
      #expect(lines[0] == "run,step,energy_rmse,force_rmse" && lines.count == 7)
      #expect(lines[4] == "adam,0.0,0.5,2.0")
      let figure = try ParsedFigure(
        String(contentsOf: folder.appendingPathComponent("a.svg"), encoding: .utf8))
      #expect(figure.curves.count >= 4 && figure.texts.contains("force error (meV/Å)"))
      let force = try BuiltTool("analyse", "learning", "ekf", "--property", "force", in: folder)
      #expect(force.status == 0 && !force.output.contains("energy"), "\(force.errors)")
      let stress = try BuiltTool("analyse", "learning", "ekf", "--property", "stress", in: folder)
      #expect(
        stress.status == 1
          && stress.errors.contains(
            "no run has errors of 'stress'; there are those of energy, force")
      )
      let json = try BuiltTool("analyse", "learning", "ekf", "--json", in: folder)
      let tree = JSONTree(try JSONSerialization.jsonObject(with: Data(json.output.utf8)))
      #expect(tree["learning"].elements.map { $0["steps"].elements.count } == [3, 3])
    }
  }

  @Test("a folder without metrics, or without errors, is refused with its name")
  func refusals() throws {
    try withTemporaryDirectory { folder in
      let missing = try BuiltTool("analyse", "learning", "nowhere", in: folder)
      #expect(missing.status == 1 && missing.errors.contains("nowhere/metrics.csv"))
      let directory = folder.appendingPathComponent("new")
      try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
      try Data("step,training.force.rmse\n".utf8).write(
        to: directory.appendingPathComponent("metrics.csv"))
      let empty = try BuiltTool("analyse", "learning", "new", in: folder)
      #expect(empty.status == 1 && empty.errors.contains("has no errors yet"))
    }
  }
}
