import Foundation
import TestSupport
import Testing

@testable import AtomFlowTool

@Suite("Training through the tool")
struct TrainCommandTests {
  /// Runs `atomflow train` and expects it to end well.
  @discardableResult
  private func train(_ arguments: String..., in folder: URL) throws -> BuiltTool {
    let run = try BuiltTool(["train"] + arguments, in: folder)
    #expect(run.status == 0, "\(run.errors)")
    return run
  }

  @Test(
    "a resumed run is the whole run, and the seed decides it",
    arguments: [(TrainingProblem.ekf, "float32"), (TrainingProblem.adam, "float64")])
  func resume(optimizer: String, precision: String) throws {
    try withTemporaryDirectory { folder in
      try TrainingProblem.write(to: folder, optimizer: optimizer, precision: precision)
      let whole = try train("train.json", "-d", "whole", in: folder)
      #expect(whole.output.contains("      20  ") && whole.errors.contains("the model is in "))
      try train("train.json", "-d", "parts", "--steps", "10", in: folder)
      try train("-d", "parts", "--resume", "--steps", "20", in: folder)
      try train("train.json", "-d", "other", "--seed", "2", in: folder)
      let files = try ["whole", "parts", "other"].map {
        try TrainingProblem.files(folder.appendingPathComponent($0))
      }
      for (name, data) in files[0] {
        #expect(files[1][name] == data, "\(name)")
        #expect(files[2][name] != data, "\(name)")
      }
      let again = try train("-d", "whole", "--resume", in: folder)
      #expect(again.errors.contains("all 20 steps are done already"))
      #expect(try TrainingProblem.files(folder.appendingPathComponent("whole")) == files[0])
    }
  }

  @Test("what is there is not replaced unasked, and replaced whole")
  func replacement() throws {
    try withTemporaryDirectory { folder in
      try TrainingProblem.write(to: folder)
      let directory = folder.appendingPathComponent("model")
      try train("train.json", in: folder)
      let files = try TrainingProblem.files(directory)
      func refused(_ arguments: String..., words: String) throws {
        let run = try BuiltTool(["train"] + arguments, in: folder)
        #expect(run.status == 1 && run.output.isEmpty)
        #expect(run.errors.contains(words), "\(run.errors)")
        #expect(try TrainingProblem.files(directory) == files)
      }
      try refused("train.json", words: "go on with a run by --resume")
      try refused(
        "--resume", "--set", "optimizer={adam: {}}", words: "keeps 'optimizer'")
      try refused("--resume", "--seed", "3", words: "keeps 'seed'")
      try refused(
        "--resume", "--set", "network.behlerParrinello.hidden=[5]", words: "keeps 'network'")
      try refused("--resume", "--set", "precision=float64", words: "keeps 'precision'")
      try refused(
        "--resume", "--set", "optimizer={ekf: {fading: {initial: 0.98, nu: 0.99}}}",
        words: "kalman.forgetting")
      try refused("train.json", "--force", "--data", "none.extxyz", words: "none.extxyz")

      try Data("mine".utf8).write(to: directory.appendingPathComponent("notes.txt"))
      try train("train.json", "--force", "--seed", "2", in: folder)
      let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
      #expect(names.count { $0.hasPrefix("events.out") } == 1 && names.contains("notes.txt"))
      #expect(try TrainingProblem.files(directory)["metrics.csv"] != files["metrics.csv"])
    }
  }

  @Test("Ctrl-C ends a run in good order, and it goes on from there")
  func interruption() throws {
    try withTemporaryDirectory { folder in
      try TrainingProblem.write(to: folder)
      let process = Process()
      process.executableURL = BuiltTool.executable
      process.arguments = ["train", "train.json", "--steps", "1000000000"]
      process.currentDirectoryURL = folder
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      // Once there are rows after the start the run has begun to listen.
      let table = folder.appendingPathComponent("model/metrics.csv")
      for _ in 0..<2000 where process.isRunning {
        let lines = (try? String(contentsOf: table, encoding: .utf8))?.split(separator: "\n")
        if (lines?.count ?? 0) > 3 { break }
        usleep(10_000)
      }
      process.interrupt()
      process.waitUntilExit()
      #expect(process.terminationStatus == 130 && process.terminationReason == .exit)
      let run = try train("--resume", "--steps", "1", in: folder)
      #expect(run.errors.contains("done already"))
    }
  }

  @Test("bad data and settings are refused in a sentence")
  func faults() throws {
    try withTemporaryDirectory { folder in
      func refused(_ arguments: String..., words: String...) throws {
        let run = try BuiltTool(["train", "train.json"] + arguments, in: folder)
        #expect(run.status == 1, "\(run.errors)")
        for word in words { #expect(run.errors.contains(word), "\(run.errors)") }
        let model = folder.appendingPathComponent("model").path
        #expect(!FileManager.default.fileExists(atPath: model))
      }
      try TrainingProblem.write(to: folder) { $0.labels.forces = nil }
      try refused(
        "--set", "schedule={randomLabels: {force: 10}}", words: "takes no label", "0 of force")
      try refused(
        "--set", "network.behlerParrinello.descriptors={inputNN: 'none.nn'}", words: "none.nn",
        "inputNN")
      try refused(
        "--set", "run.stepz=3", words: "--set run.stepz=3: unknown key 'run.stepz'; did you")
      try refused(
        "--set", "network.behlerParrinello.hidden=[4, 0]",
        words: "--set network.behlerParrinello.hidden=[4, 0]: 'network.behlerParrinello.hidden",
        "larger than 0")
      try refused("--threads", "0", words: "--threads 0: 'threads': it must lie in 1...1024")
      try refused(
        "--set", "network.behlerParrinello.descriptors.functions={O: [{neighbors: ['O'], eta: 1}]}",
        words: "expected atoms of O, found H")
      let bare = "3\nProperties=species:S:1:pos:R:3\nO 0 0 0\nH 1 0 0\nH 0 1 0\n"
      try Data(bare.utf8).write(to: folder.appendingPathComponent("bare.extxyz"))
      try refused(
        "--data", "bare.extxyz", words: "bare.extxyz, labels: expected energies or forces",
        "in the configuration by data.keys")
    }
  }

  @Test("a run says what memory it takes and that it cannot validate")
  func notes() throws {
    try withTemporaryDirectory { folder in
      try TrainingProblem.write(to: folder) { $0.labels.forces = nil }
      let run = try train(
        "train.json", "--set", "data.split={training: 1, validation: 0}", in: folder)
      #expect(run.errors.contains("warning: there is no label to validate with"))
      #expect(run.errors.contains(/\ntotal +38\n/) && run.errors.contains("training takes about "))
      let text = try String(
        contentsOf: folder.appendingPathComponent("model/config.json"), encoding: .utf8)
      #expect(text.contains("\"validation\" : 0") || text.contains("\"validation\": 0"), "\(text)")
    }
  }

  @Test("a run that diverges ends with status 1 and keeps the best model")
  func divergence() throws {
    try withTemporaryDirectory { folder in
      try TrainingProblem.write(to: folder, optimizer: "adam: { learningRate: 1e30 }")
      let run = try BuiltTool("train", "train.json", in: folder)
      #expect(run.status == 1 && run.errors.contains("lower the learning rate"), "\(run.errors)")
      #expect(run.errors.contains("\nthe first value at fault: "), "\(run.errors)")
      try train(
        "--resume", "--set", "optimizer.adam.learningRate=0.01", in: folder)
      let tested = try BuiltTool("evaluate", "model", "water.extxyz", "--json", in: folder)
      #expect(tested.status == 0 && tested.output.contains("\"rmse\""), "\(tested.errors)")
    }
  }
}
