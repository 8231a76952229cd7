import Foundation
import TestSupport
import Testing
import Train

@testable import AtomFlowTool

@Suite("Studies as users run them")
struct StudyTests {
  private func study(
    _ words: String..., in folder: URL, text: String = StudyFixture.text()
  ) throws -> BuiltTool {
    try Data(text.utf8).write(to: folder.appendingPathComponent("study.json"))
    return try BuiltTool(["study"] + words, in: folder)
  }

  private func content(_ path: String, in folder: URL) throws -> Data {
    try Data(contentsOf: folder.appendingPathComponent(path))
  }

  @Test("a study has numbers, every figure and a report; a killed one has the same numbers")
  func whole() throws {
    try withTemporaryDirectory { folder in
      let run = try study("study.json", "-d", "whole", in: folder)
      #expect(run.status == 0, "\(run.errors)")
      let status = try study("whole", "--status", in: folder)
      #expect(status.output.hasPrefix("runs: 13 of 13 done, 0 running, 0 failed\n"))
      let report = String(decoding: try content("whole/report.html", in: folder), as: UTF8.self)
      for kind in [any StudyFigure.Type].standard {
        let svg = try content("whole/figures/\(kind.name).svg", in: folder)
        let figure = try ParsedFigure(String(decoding: svg, as: UTF8.self))
        #expect(figure.elements.contains { ["path", "circle"].contains($0.name) })
        let table = try content("whole/tables/\(kind.name).csv", in: folder)
        #expect(table.count { $0 == 10 } > 1, "\(kind.name)")
        #expect(report.contains(kind.caption.prefix(30)))
      }
      #expect(!report.contains("<script") && !report.contains("http://localhost"))
      #expect(report.contains("How many models are stable"))
      #expect(report.contains("In how many models do molecules stay whole"))

      // Killed at several moments, with all its processes, and gone on with.
      for milliseconds in [300, 900, 1700] {
        let process = Process()
        process.executableURL = BuiltTool.executable
        process.arguments = ["study", "study.json", "-d", "killed"]
        process.currentDirectoryURL = folder
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        usleep(UInt32(1000 * milliseconds))
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
      }
      let last = try study("killed", in: folder)
      #expect(last.status == 0, "\(last.errors)")
      #expect(
        try content("whole/study.json", in: folder) == content("killed/study.json", in: folder))
    }
  }

  @Test("the teacher as its own student has no errors")
  func teacher() throws {
    try withTemporaryDirectory { folder in
      let text = StudyFixture.text(arms: "{ name: 'teacher', model: 'spcfw' }")
      let run = try study("study.json", in: folder, text: text)
      #expect(run.status == 0, "\(run.errors)")
      let plan = try StudyFixture.plan(text)
      let results = StudyResults(
        plan, in: StudyDirectory(folder.appendingPathComponent("study").path))
      let cell = try #require(results.cells.first)
      for error in cell.models.compactMap(\.result).flatMap(\.errors.values) {
        #expect(abs(error) < 1e-9)
      }
      // The same seed gives the same trajectory.
      let reference = try #require(results.reference("npt"))
      #expect(cell.models[0].densityError(reference) == 0)
    }
  }

  @Test("a failed run is told in the report, and the others are done")
  func failure() throws {
    try withTemporaryDirectory { folder in
      let arms = """
        { name: "ekf", set: { optimizer: { ekf: {} } } },
        { name: "wild", set: { optimizer: { adam: { learningRate: 1e30 } } } },
        """
      let run = try study("study.json", in: folder, text: StudyFixture.text(arms: arms))
      #expect(run.status == 1 && run.errors.contains("2 runs failed"), "\(run.errors)")
      let report = String(decoding: try content("study/report.html", in: folder), as: UTF8.self)
      #expect(report.contains("Failed runs") && report.contains("train/small/wild/4"))
      let states = StudySchedule(
        try StudyFixture.plan(StudyFixture.text(arms: arms)),
        in: StudyDirectory(folder.appendingPathComponent("study").path)
      ).states()
      #expect(states["simulate/small/ekf/5/npt"] == .done)
    }
  }

  @Test("what a command line gets wrong is said in a sentence")
  func usage() throws {
    try withTemporaryDirectory { folder in
      let other = try study("study.json", "-d", "a", "--slurm", in: folder)
      #expect(other.status == 0 && other.output.hasSuffix("job.sh\n"))
      let changed = StudyFixture.text().replacing("seed: 4", with: "seed: 5")
      let another = try study("study.json", "-d", "a", in: folder, text: changed)
      #expect(another.status == 1 && another.errors.contains("holds another study"))
      let empty = try study(".", in: folder)
      #expect(empty.status == 1 && empty.errors.contains("holds no study"))
      let unknown = try study("a", "--run", "train/small/ekf/44", in: folder)
      #expect(unknown.status == 1 && unknown.errors.contains("did you mean train/small/ekf/4?"))
      let early = try study("a", "--run", "train/small/ekf/4", in: folder)
      #expect(early.status == 1 && early.errors.contains("needs the result of data/small"))
      let both = try study("a", "--status", "--collect", in: folder)
      #expect(both.status == 2 && both.errors.contains("exclude each other"))
      let arm = try study("study.json", "--arm", "ekff", in: folder)
      #expect(arm.status == 1 && arm.errors.contains("did you mean 'ekf'?"))
    }
  }

  @Test("models, labels and weights are analysed by commands of their own")
  func diagnostics() throws {
    try withTemporaryDirectory { folder in
      try TrainingProblem.write(to: folder)
      for seed in ["1", "2"] {
        let words = ["train", "train.json", "-d", "m\(seed)", "--seed", seed]
        #expect(try BuiltTool(words, in: folder).status == 0)
      }
      let fisher = try BuiltTool(
        "analyse", "fisher", "water.extxyz", "m1", "m2", "--labels", "50", "--svg", "f.svg",
        "--csv",
        "f.csv", "--jacobian", "j.npy", in: folder)
      #expect(
        fisher.status == 0 && fisher.output.contains("largest eigenvalue"), "\(fisher.errors)")
      let weights = try BuiltTool("analyse", "weights", "m1", "--svg", "w.svg", in: folder)
      #expect(weights.status == 0 && weights.output.contains("distance"), "\(weights.errors)")
      for axis in ["steps", "labels", "seconds"] {
        let curves = try BuiltTool(
          "analyse", "curves", "m1", "m2", "--against", axis, "--floor", "m2", "--svg", "c.svg",
          in: folder)
        #expect(curves.status == 0 && curves.output.contains("m1 (2 runs)"), "\(curves.errors)")
      }
      let evaluated = try BuiltTool(
        "evaluate", "m1", "water.extxyz", "--svg", "p.svg", in: folder)
      #expect(evaluated.status == 0, "\(evaluated.errors)")
      for name in ["f.svg", "w.svg", "c.svg", "p.svg"] {
        let svg = String(decoding: try content(name, in: folder), as: UTF8.self)
        #expect(try !ParsedFigure(svg).curves.isEmpty, "\(name)")
      }
      let page = String(decoding: try content("m1/report.html", in: folder), as: UTF8.self)
      #expect(page.contains("Learning curves") && page.contains("20 steps in"))
    }
  }
}
