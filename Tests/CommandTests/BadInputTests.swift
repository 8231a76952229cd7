import Foundation
import TestSupport
import Testing

@Suite("Bad input is refused in one sentence, and leaves nothing behind")
struct BadInputTests {
  /// A file with a fault, and words of the sentence that has to name it.
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var text: String
    var words: [String]
  }

  static let cases = [
    Case(
      testDescription: "a truncated frame",
      text: WaterFrame.text().split(separator: "\n").dropLast(2).joined(separator: "\n"),
      words: ["bad.extxyz", "9"]),
    Case(
      testDescription: "a force that is not a number", text: WaterFrame.text(force: "0.1.2"),
      words: ["bad.extxyz, line 3", "0.1.2"]),
    Case(
      testDescription: "a force beyond physics", text: WaterFrame.text(force: "1e300"),
      words: ["bad.extxyz, line 3", "1e300", "1000000.0"]),
    Case(
      testDescription: "an element that does not exist", text: WaterFrame.text(element: "Xq"),
      words: ["bad.extxyz, line 3", "Xq"]),
    Case(
      testDescription: "bohr taken for angstrom",
      text: String(repeating: WaterFrame.text(scale: 1.8897261), count: 3),
      words: ["bad.extxyz, units", "--length-unit bohr --energy-unit hartree"]),
    Case(
      testDescription: "an energy that is not a number", text: WaterFrame.text(energy: "energy=?"),
      words: ["bad.extxyz, line 2", "energy"]),
    Case(testDescription: "an empty file", text: "", words: ["bad.extxyz", "frames"]),
  ]

  @Test("each fault is named with its file and line", arguments: cases)
  func faults(of example: Case) throws {
    try withTemporaryDirectory { folder in
      try Data(example.text.utf8).write(to: folder.appendingPathComponent("bad.extxyz"))
      for line in [
        ["data", "info", "bad.extxyz"], ["data", "convert", "bad.extxyz", "-o", "a.xyz"],
      ] {
        let run =
          line.count == 3
          ? try BuiltTool(line[0], line[1], line[2], "--format", "extxyz", in: folder)
          : try BuiltTool(
            line[0], line[1], line[2], line[3], line[4], "--format", "extxyz", in: folder)
        #expect(run.status == 1)
        #expect(run.output.isEmpty)
        #expect(run.errors.hasPrefix("atomflow: error: "))
        #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
        for word in example.words { #expect(run.errors.contains(word), "\(run.errors)") }
      }
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(names == ["bad.extxyz"])
    }
  }

  @Test("a missing file and a folder without data are named")
  func missing() throws {
    try withTemporaryDirectory { folder in
      let run = try BuiltTool("data", "info", "water.extxyz", in: folder)
      #expect(run.status == 1 && run.errors.contains("water.extxyz: expected a file"))
      let empty = try BuiltTool("data", "info", ".", in: folder)
      #expect(empty.status == 1 && empty.errors.contains("DeePMD"))
    }
  }

  @Test("a format that needs labels is not written without them, not even in part")
  func withoutLabels() throws {
    try withTemporaryDirectory { folder in
      let mixed =
        WaterFrame.text() + WaterFrame.text() + WaterFrame.text(energy: "name=x", forces: false)
        + WaterFrame.text(energy: "name=y", forces: false)
      try Data(mixed.utf8).write(to: folder.appendingPathComponent("in.extxyz"))
      for seed in 1...3 {
        let run = try BuiltTool(
          "data", "convert", "in.extxyz", "-o", "out.data", "--split", "a:0.5,b:0.5", "--seed",
          "\(seed)", in: folder)
        #expect(run.status == 1 && run.errors.contains("expected energy and forces"))
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["in.extxyz"])
    }
  }

  @Test(
    "an output that cannot be written is refused before the work",
    arguments: [("water.foo", "ends in .extxyz"), ("nowhere/water.extxyz", "make it first")])
  func outputs(name: String, words: String) throws {
    try withTemporaryDirectory { folder in
      let start = ContinuousClock.now
      let run = try BuiltTool("data", "generate", "-n", "100000", "-o", name, in: folder)
      #expect(run.status == 1 && run.errors.contains(words), "\(run.errors)")
      #expect(ContinuousClock.now - start < .seconds(10))
    }
  }
}
