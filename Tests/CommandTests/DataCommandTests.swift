import Atomistic
import Foundation
import TestSupport
import Testing

@testable import AtomFlowTool

@Suite("Files of structures are shown, converted and made")
struct DataCommandTests {
  @Test("the summary is text and JSON")
  func information() throws {
    try withTemporaryDirectory { folder in
      let text = WaterFrame.text() + WaterFrame.text(energy: "energy=-15")
      try Data(text.utf8).write(to: folder.appendingPathComponent("water.extxyz"))
      let run = try BuiltTool("data", "info", "water.extxyz", in: folder)
      #expect(run.status == 0 && run.errors.isEmpty)
      for words in ["structures         2", "H: 12, O: 6", "-15.0000 to -14.5000 eV", "0.9621"] {
        #expect(run.output.contains(words), "\(run.output)")
      }
      let json = try BuiltTool("data", "info", "--json", "water.extxyz", in: folder)
      let tree = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
      let summary = tree?["water.extxyz"] as? [String: Any]
      #expect(summary?["structures"] as? Int == 2 && summary?["atoms"] as? Int == 18)
    }
  }

  @Test("atomic units are taken when they are named")
  func units() throws {
    try withTemporaryDirectory { folder in
      let text = WaterFrame.text(energy: "energy=-1", scale: 1 / 0.529177210903)
      try Data(text.utf8).write(to: folder.appendingPathComponent("bohr.extxyz"))
      let run = try BuiltTool(
        "data", "info", "bohr.extxyz", "--length-unit", "bohr", "--energy-unit", "hartree",
        in: folder)
      #expect(run.output.contains("0.9621 angstrom") && run.output.contains("-27.2114 eV"))
      let half = try BuiltTool("data", "info", "bohr.extxyz", "--length-unit", "bohr", in: folder)
      #expect(half.status == 2 && half.errors.contains("must be given together"))
    }
  }

  @Test("parts have no structure in common, and the seed decides")
  func split() throws {
    try withTemporaryDirectory { folder in
      let text = (0..<10).map { WaterFrame.text(energy: "energy=-\($0)") }.joined()
      try Data(text.utf8).write(to: folder.appendingPathComponent("in.extxyz"))
      func parts(_ seed: String) throws -> [[String]] {
        let run = try BuiltTool(
          "data", "convert", "in.extxyz", "-o", "out.xyz", "--split", "training:0.7,test:0.3",
          "--seed", seed, in: folder)
        #expect(run.status == 0, "\(run.errors)")
        return try ["training", "test"].map { name in
          let file = folder.appendingPathComponent("out-\(name).xyz")
          return try String(contentsOf: file, encoding: .utf8).split(separator: " ")
            .filter { $0.hasPrefix("energy=") }.map(String.init)
        }
      }
      let (first, again, other) = (try parts("1"), try parts("1"), try parts("2"))
      #expect(first.map(\.count) == [7, 3] && Set(first.joined()).count == 10)
      #expect(first == again && first != other)
    }
  }

  @Test("generated water is the same for any number of threads, and reads back")
  func generate() throws {
    try withTemporaryDirectory { folder in
      for threads in ["1", "2"] {
        let run = try BuiltTool(
          "data", "generate", "-n", "2", "--molecules", "8", "--densities", "0.8,0.9",
          "--temperatures", "300", "--threads", threads, "-o", "\(threads).extxyz", in: folder)
        #expect(run.status == 0, "\(run.errors)")
      }
      let files = try ["1", "2"].map {
        try Data(contentsOf: folder.appendingPathComponent("\($0).extxyz"))
      }
      #expect(files[0] == files[1] && !files[0].isEmpty)
      let run = try BuiltTool("data", "info", "1.extxyz", in: folder)
      #expect(run.output.contains("0.8000 to 0.9000 g/mL") && run.output.contains("H16O8: 2"))
    }
  }

  @Test("a model labels the frames that it samples from given structures")
  func teacher() throws {
    try withTemporaryDirectory { folder in
      try TrainingProblem.write(to: folder)
      let trained = try BuiltTool("train", "train.json", "--steps", "2", in: folder)
      #expect(trained.status == 0, "\(trained.errors)")
      let argon = (0..<8).map { number -> SIMD3<Double> in
        SIMD3<Double>(SIMD3(number % 2, number / 2 % 2, number / 4)) * 3.8
      }
      var moved = Structure(
        elements: .init(repeating: .argon, count: 8), positions: argon, cell: Cell(cubic: 17.2))
      moved.positions[0].x += 0.1
      try StructureFile.write([moved], to: folder.appendingPathComponent("argon.extxyz").path)
      for (model, start, ensemble, frames) in [
        ("argon", "argon.extxyz", "nve", 2), ("./model", "water.extxyz", "nvt", 7),
      ] {
        for threads in ["1", "2"] {
          let run = try BuiltTool(
            "data", "generate", "--model", model, "--start", start, "--temperatures", "30",
            "--ensemble", ensemble, "--equilibration", "3", "--frame-every", "2", "--timestep",
            "0.2", "-n", "\(frames)", "--threads", threads, "-o", "\(threads).extxyz", in: folder)
          #expect(run.status == 0, "\(run.errors)")
        }
        let files = try ["1", "2"].map {
          try Data(contentsOf: folder.appendingPathComponent("\($0).extxyz"))
        }
        #expect(files[0] == files[1])
        let judged = try BuiltTool("evaluate", model, "1.extxyz", "--json", in: folder)
        #expect(judged.status == 0, "\(judged.errors)")
        let metrics = try JSONDecoder().decode(
          [String: [String: Double]].self, from: Data(judged.output.utf8))
        let force = try #require(metrics["force"]), energy = try #require(metrics["energy"])
        #expect(energy["count"] == Double(frames))
        #expect(try #require(force["max"]) < 1e-6 && (try #require(energy["max"])) < 1e-6)
      }
    }
  }

  @Test(
    "wrong divisions are no divisions",
    arguments: ["", "a", "a:", "a:0", "a:-1", "a:0.8,b:0.3", "a:0.5,a:0.5", "a/b:0.5", "a:0.5,"])
  func wrongSplits(text: String) {
    #expect(SplitArgument(argument: text) == nil)
  }

  @Test("structures without labels are refused where labels are needed")
  func labels() {
    #expect(throws: (any Error).self) {
      try StructureSet().requireLabels(in: "a.extxyz")
    }
  }
}
