import Atomistic
import Foundation
import TestSupport
import Testing
import Train

@testable import AtomFlowTool

@Suite("Steps of whole structures, further labels and weights of structures")
struct StructureBatchTests {
  static let threeAtOnce = "schedule={structures: {perStep: 3}}"

  /// Runs `atomflow train` and expects it to end well.
  @discardableResult
  private func train(_ arguments: String..., in folder: URL) throws -> BuiltTool {
    let run = try BuiltTool(["train", "train.json"] + arguments, in: folder)
    #expect(run.status == 0, "\(run.errors)")
    return run
  }

  /// The values of a column of a run's metrics.
  private func column(_ name: String, of directory: String, in folder: URL) throws -> [Double] {
    let table = try MetricsTable(
      contentsOf: folder.appendingPathComponent("\(directory)/metrics.csv"))
    let column = try #require(table.columns.firstIndex(of: name), "\(table.columns)")
    return try table.rows.map { try #require($0.values[column]) }
  }

  @Test(
    "every optimizer takes them, and goes on in the middle of a pass bit for bit",
    arguments: [TrainingProblem.ekf, TrainingProblem.adam])
  func batches(optimizer: String) throws {
    try withTemporaryDirectory { folder in
      try TrainingProblem.write(to: folder, optimizer: optimizer)
      // Four structures for training: a pass has a step of three structures and one of one.
      let options = ["--set", Self.threeAtOnce, "--set", "run.evaluateEvery=3"]
      for (name, steps) in [("whole", "18"), ("parts", "9")] {
        let run = try BuiltTool(
          ["train", "train.json", "-d", name, "--steps", steps] + options, in: folder)
        #expect(run.status == 0, "\(run.errors)")
      }
      let resumed = try BuiltTool(
        "train", "-d", "parts", "--resume", "--steps", "18", in: folder)
      #expect(resumed.status == 0, "\(resumed.errors)")
      try train("-d", "labels", in: folder)
      let files = try ["whole", "parts", "labels"].map {
        try TrainingProblem.files(folder.appendingPathComponent($0))
      }
      #expect(files[0] == files[1])
      #expect(files[0]["model.safetensors"] != files[2]["model.safetensors"])
      for name in ["energy", "force"] {
        let errors = try column("training.\(name).rmse", of: "whole", in: folder)
        #expect(errors.last! < 0.9 * errors[0], "\(name): \(errors)")
      }
    }
  }

  @Test(
    "stresses are labels like energies and forces",
    arguments: ["schedule={randomLabels: {stress: 6}}", threeAtOnce])
  func stress(schedule: String) throws {
    try withTemporaryDirectory { folder in
      try TrainingProblem.write(to: folder, precision: "float64")
      let run = try train(
        "--set", schedule, "--set", "loss={energy: 0, force: 0, stress: 1e4}", "--steps", "60",
        "--set", "run.evaluateEvery=20", in: folder)
      #expect(run.output.contains("meV/Å^3"), "\(run.output)")
      let errors = try column("validation.stress.rmse", of: "model", in: folder)
      #expect(errors.last! < 0.5 * errors[0], "\(errors)")
      let judged = try BuiltTool("evaluate", "model", "water.extxyz", "--json", in: folder)
      let report = JSONTree(try JSONSerialization.jsonObject(with: Data(judged.output.utf8)))
      #expect(report["stress"]["count"].real == 36 && report["stress"]["rmse"].real < 0.01)
    }
  }

  /// Writes the frames, every other one of the type `gas`, with a weight of their own if there is one.
  private func writeTypes(to folder: URL, weight: String? = nil) throws {
    try TrainingProblem.write(to: folder, precision: "float64")
    var structures = TrainingProblem.structures
    for number in structures.indices {
      structures[number].info["config_type"] = number % 2 == 0 ? "liquid" : "gas"
      if number % 2 == 1, let weight { structures[number].info["config_weight"] = weight }
    }
    try StructureFile.write(structures, to: folder.appendingPathComponent("water.extxyz").path)
  }

  @Test("a weight by type is the weight of each structure of the type", arguments: [false, true])
  func weights(inBatches: Bool) throws {
    try withTemporaryDirectory { folder in
      let schedule =
        inBatches ? Self.threeAtOnce : "schedule={randomLabels: {energy: 1, force: 10}}"
      try writeTypes(to: folder)
      try train("--set", schedule, "-d", "plain", in: folder)
      try train(
        "--set", schedule, "--set", "data.weights.configTypes={gas: 4}", "-d", "types", in: folder)
      try writeTypes(to: folder, weight: "4")
      try train("--set", schedule, "-d", "frames", in: folder)
      try train(
        "--set", schedule, "--set", "data.weights.key=own", "-d", "others", in: folder)
      let tables = try ["plain", "types", "frames", "others"].map {
        try Data(contentsOf: folder.appendingPathComponent("\($0)/metrics.csv"))
      }
      #expect(tables[1] == tables[2] && tables[0] == tables[3] && tables[0] != tables[1])
    }
  }

  @Test("structures of weight 0 are left out, which is said")
  func omitted() throws {
    try withTemporaryDirectory { folder in
      try writeTypes(to: folder)
      let run = try train("--set", "data.weights.configTypes={gas: 0}", in: folder)
      #expect(run.errors.contains("3 structures of weight 0 left out"), "\(run.errors)")
      #expect(run.errors.contains("6 structures, 2 for training and 1 for"), "\(run.errors)")
    }
  }

  @Test(
    "wrong weights are told",
    arguments: [
      (
        "data.weights.configTypes={gsa: 2}", "1",
        "no structure has the config_type 'gsa'; did you mean"
      ),
      ("data.weights.configTypes={solid: 2}", "1", "config_type 'solid'; there are gas, liquid"),
      ("seed=1", "-1", "structure 1 (counted from 0): config_weight should be a number that is"),
      ("seed=1", "much", "but is 'much'"),
      ("data.weights.configTypes={gas: 0, liquid: 0}", "1", "none is left for training"),
    ])
  func faults(assignment: String, weight: String, words: String) throws {
    try withTemporaryDirectory { folder in
      try writeTypes(to: folder, weight: weight)
      let run = try BuiltTool("train", "train.json", "--set", assignment, in: folder)
      #expect(run.status == 1 && run.errors.contains(words), "\(run.errors)")
    }
  }
}
