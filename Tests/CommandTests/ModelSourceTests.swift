import Atomistic
import Foundation
import TestSupport
import Testing

@testable import atomflow

@Suite("A word names the same model in all commands")
struct ModelSourceTests {
  @Test("the model that labels is right about its labels")
  func builtIn() throws {
    try withTemporaryDirectory { folder in
      try StructureFile.write(
        TrainingProblem.structures, to: folder.appendingPathComponent("water.extxyz").path)
      let judged = try BuiltTool("evaluate", "spcfw", "water.extxyz", in: folder)
      #expect(judged.status == 0 && judged.output.contains("energy: RMSE 0.000"), "\(judged)")
      #expect(judged.output.contains("force: RMSE 0.000"))
      let written = try BuiltTool(
        "predict", "spcfw", "water.extxyz", "-o", "again.extxyz", in: folder)
      #expect(written.status == 0, "\(written.errors)")
      let again = try StructureFile.read(folder.appendingPathComponent("again.extxyz").path)
      for (one, other) in zip(again.structures, TrainingProblem.structures) {
        let (a, b) = (try #require(one.labels.energy), try #require(other.labels.energy))
        #expect(abs(a - b) < 1e-9 * abs(b))
      }
    }
  }

  @Test(
    "a model that is not there is missed in a sentence",
    arguments: [
      ("evaluate spcwf a.extxyz", 1, "there is no model directory 'spcwf'; did you mean spcfw?"),
      (
        "md nowhere a.extxyz --ensemble nve --temperature 300 -n 1 -o b.extxyz", 1,
        "models without one are argon and spcfw"
      ),
      ("predict water.extxyz water.extxyz -o a.extxyz", 1, "water.extxyz is a file"),
      ("serve argon --template water.extxyz --ipi unix:a", 1, "expected atoms of Ar, found H"),
      ("data generate --model argon -o a.extxyz", 2, "--model should be spcfw"),
      ("data generate --molecules 3 -o a.extxyz", 2, "--molecules should be at least 8"),
      ("data generate --densities 0.9,10 -o a.extxyz", 2, "--densities should lie"),
    ])
  func faults(line: String, status: Int32, words: String) throws {
    try withTemporaryDirectory { folder in
      try Data(WaterFrame.text().utf8).write(to: folder.appendingPathComponent("water.extxyz"))
      let run = try BuiltTool(line.split(separator: " ").map(String.init), in: folder)
      #expect(run.status == status && run.errors.contains(words), "\(run.errors)")
    }
  }
}
