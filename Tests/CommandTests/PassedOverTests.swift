import Foundation
import TestSupport
import Testing

@Suite("Commands judge the labels that they use, and say what they pass over")
struct PassedOverTests {
  /// Three atoms of argon in a cell; the rows may have more columns.
  static func argon(_ entries: String, columns: String = "", row: String = "") -> String {
    let places = ["1 1 1", "4.8 1 1", "1 5 1"]
    return
      "3\nLattice=\"12 0 0 0 12 0 0 0 12\" Properties=species:S:1:pos:R:3\(columns) \(entries)\n"
      + places.map { "Ar \($0)\(row)\n" }.joined()
  }

  static func write(_ text: String, _ name: String, in folder: URL) throws {
    try Data(text.utf8).write(to: folder.appendingPathComponent(name))
  }

  static let wrongLabels = [
    argon("energy=nan", columns: ":forces:R:3", row: " nan nan nan"),
    argon("energy=lost", columns: ":forces:R:3", row: " x y z"),
    argon("stress=\"1 2 3 0 0 0\" virial=\"1 2 3 0 0 0\""),
  ]

  @Test("predict, md, analyse and serve do not look at labels", arguments: wrongLabels)
  func unusedLabels(text: String) throws {
    try withTemporaryDirectory { folder in
      try Self.write(text, "in.xyz", in: folder)
      for line in [
        "predict argon in.xyz -o out.extxyz",
        "md argon in.xyz --ensemble nve --temperature 30 -n 2 -o t.extxyz",
        "analyse rdf in.xyz --pair Ar-Ar",
        "data generate --model argon --start in.xyz -n 1 --equilibration 1 --frame-every 1 "
          + "--temperatures 30 -o more.extxyz",
      ] {
        let run = try BuiltTool(line.split(separator: " ").map(String.init), in: folder)
        #expect(run.status == 0, "\(line): \(run.errors)")
        #expect(!run.errors.contains("missing") && !run.errors.contains("not used"))
      }
    }
  }

  @Test("evaluate and data info count the labels that say that there is none")
  func missingLabels() throws {
    try withTemporaryDirectory { folder in
      let force = " 0.0 0.0 0.0"
      try Self.write(
        Self.argon("energy=-0.1", columns: ":forces:R:3", row: force)
          + Self.argon("energy=None", columns: ":forces:R:3", row: force), "in.xyz", in: folder)
      let words = "said to be missing: energy 1 of 2 (energy: 1)"
      let evaluated = try BuiltTool("evaluate", "argon", "in.xyz", in: folder)
      #expect(evaluated.status == 0 && evaluated.output.contains("over 1 labels"))
      #expect(evaluated.errors.contains("in.xyz: \(words)\n"), "\(evaluated.errors)")
      let info = try BuiltTool("data", "info", "in.xyz", in: folder)
      #expect(info.status == 0 && info.output.contains(words), "\(info.output)")
      for wrong in Self.wrongLabels.dropFirst() {
        try Self.write(wrong, "wrong.xyz", in: folder)
        #expect(try BuiltTool("evaluate", "argon", "wrong.xyz", in: folder).status == 1)
      }
    }
  }

  @Test("train counts them, too")
  func training() throws {
    try withTemporaryDirectory { folder in
      try TrainingProblem.write(to: folder)
      let file = folder.appendingPathComponent("water.extxyz")
      let text = try String(contentsOf: file, encoding: .utf8)
      let energy = try #require(text.firstMatch(of: /energy=[^ ]+/)).output
      try Data(text.replacing(energy, with: "energy=null").utf8).write(to: file)
      let run = try BuiltTool("train", "train.json", "--steps", "2", in: folder)
      #expect(run.status == 0, "\(run.errors)")
      let words = "said to be missing: energy 1 of 6 (energy: 1)"
      #expect((run.output + run.errors).contains(words), "\(run.output)\(run.errors)")
    }
  }

  @Test("what a file holds and a command does not use is said in one line")
  func passedOver() throws {
    try withTemporaryDirectory { folder in
      try Self.write(
        Self.argon("T=300 t=1", columns: ":vel:R:3:charge:R:1", row: " 0.1 0 0 0"), "in.xyz",
        in: folder)
      let words = "in.xyz: not used: charge: 1, vel (no unit): 1\n"
      let predicted = try BuiltTool("predict", "argon", "in.xyz", "-o", "out.extxyz", in: folder)
      #expect(predicted.status == 0 && predicted.errors.contains(words), "\(predicted.errors)")
      let start = [
        "md", "argon", "in.xyz", "--ensemble", "nve", "--temperature", "30", "-n", "1", "-o",
        "t.xyz",
      ]
      let refused = try BuiltTool(start, in: folder)
      #expect(refused.status == 1 && refused.errors.contains("--velocity-unit"))
      let drawn = try BuiltTool(start + ["--new-velocities"], in: folder)
      #expect(drawn.status == 0 && drawn.errors.contains("velocities drawn"), "\(drawn.errors)")
      let named = try BuiltTool(
        start + ["--force", "--velocity-unit", "angstrom/ps"], in: folder)
      #expect(named.status == 0 && named.errors.contains("velocities of the start"))
    }
  }

  @Test("data may come through a pipe")
  func pipe() throws {
    try withTemporaryDirectory { folder in
      let text = WaterFrame.text() + WaterFrame.text(energy: "energy=-15")
      let info = try BuiltTool(["data", "info", "/dev/stdin"], in: folder, input: text)
      #expect(info.status == 0 && info.output.contains("structures         2"), "\(info.errors)")
      let rdf = try BuiltTool(
        ["analyse", "rdf", "/dev/stdin", "--pair", "O-O"], in: folder, input: text)
      #expect(rdf.status == 0 && rdf.output.contains("O-O: highest"), "\(rdf.errors)")
    }
  }
}
