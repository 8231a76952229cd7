import Atomistic
import Foundation
import TestSupport
import Testing

@testable import AtomFlowTool

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

  @Test("evaluate and predict tell where a network extrapolates, and are silent where it does not")
  func extrapolation() throws {
    try withTemporaryDirectory { folder in
      for precision in ["float32", "float64"] {
        try TrainingProblem.write(to: folder, precision: precision)
        let all = "data.split={training: 1, validation: 0}"
        let trained = try BuiltTool(
          "train", "train.json", "--force", "--set", all, "--steps", "1", in: folder)
        #expect(trained.status == 0, "\(trained.errors)")
        let known = try BuiltTool("evaluate", "model", "water.extxyz", in: folder)
        #expect(known.status == 0 && !known.errors.contains("warning"), "\(known.errors)")
      }
      try TrainingProblem.write(to: folder) {
        $0.positions[1] += 0.5 * ($0.positions[1] - $0.positions[0])
      }
      for line in ["evaluate model water.extxyz", "predict model water.extxyz -o new.extxyz"] {
        let run = try BuiltTool(line.split(separator: " ").map(String.init), in: folder)
        #expect(run.status == 0)
        let last = run.errors.split(separator: "\n").last ?? ""
        #expect(last.hasPrefix("atomflow: warning: "), "\(run.errors)")
        #expect(last.contains(" atoms in 6 of 6 structures outside of the training range"))
        #expect(
          last.contains("the first: structure 1, atom 1 (H, counted from 0): symmetry function "))
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
      ("data generate --model argon -o a.extxyz", 1, "but argon knows Ar; name structures"),
      ("data generate --model argno -o a.extxyz", 1, "did you mean argon?"),
      ("data generate --model argon --start water.extxyz -o a.extxyz", 1, "atoms of Ar, found O"),
      ("data generate --start water.extxyz --molecules 9 -o a.extxyz", 2, "beside --start"),
      ("data generate --energy-key E -o a.extxyz", 2, "no meaning without --start"),
      ("data generate --timestep 0 -o a.extxyz", 2, "--timestep should be above 0"),
      ("data generate --frame-every 0 -o a.extxyz", 2, "--frame-every should be at least 1"),
      ("data generate --equilibration -1 -o a.extxyz", 2, "should not be negative"),
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
