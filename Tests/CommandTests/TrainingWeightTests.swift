import Atomistic
import Foundation
import TestSupport
import Testing
import Train

@testable import AtomFlowTool

@Suite("First weights from another model, frozen weights, weight decay")
struct TrainingWeightTests {
  /// Runs `atomflow train` and expects it to end well.
  @discardableResult
  private func train(_ arguments: String..., in folder: URL) throws -> BuiltTool {
    let run = try BuiltTool(["train"] + arguments, in: folder)
    #expect(run.status == 0, "\(run.errors)")
    return run
  }

  /// The weights of a model directory after its last step, by name.
  private func weights(_ directory: String, in folder: URL) throws -> [String: [Double]] {
    let model = try ModelDirectory(folder.appendingPathComponent(directory))
      .loadLast(Catalog.standard.models)
    return model.weights.mapValues(\.doubles)
  }

  @Test("weights are taken over by name, those of another shape are told", arguments: [32, 64])
  func from(bits: Int) throws {
    try withTemporaryDirectory { folder in
      try TrainingProblem.write(to: folder, precision: "float\(bits)")
      try train("train.json", "-d", "first", in: folder)
      let run = try train(
        "train.json", "-d", "second", "--set", "weights.from=first", "--seed", "2", "--steps", "0",
        in: folder)
      #expect(run.errors.contains("weights of first: 8 variables have values\n"), "\(run.errors)")
      #expect(try weights("second", in: folder) == weights("first", in: folder))
      let other = try train(
        "train.json", "-d", "third", "--set", "weights.from=first", "--steps", "0", "--set",
        "network.behlerParrinello.hidden=[5]", in: folder)
      #expect(other.errors.contains("of another shape: "), "\(other.errors)")
      let missing = try BuiltTool(
        "train", "train.json", "-d", "fourth", "--set", "weights.from=none", in: folder)
      #expect(missing.status == 1 && missing.errors.contains("none"), "\(missing.errors)")
    }
  }

  @Test(
    "frozen weights stay bit for bit, also in a run that is resumed",
    arguments: [TrainingProblem.ekf, TrainingProblem.adam])
  func frozen(optimizer: String) throws {
    try withTemporaryDirectory { folder in
      try TrainingProblem.write(to: folder, optimizer: optimizer)
      try train("train.json", "-d", "first", in: folder)
      let options = ["--set", "weights={from: 'first', frozen: ['H.*'], decay: 1e-3}"]
      try train("train.json", "-d", "whole", options[0], options[1], in: folder)
      try train(
        "train.json", "-d", "parts", "--steps", "10", options[0], options[1], in: folder)
      // A resumed run has the weights of its checkpoint and asks the other model no more.
      try FileManager.default.moveItem(
        at: folder.appendingPathComponent("first"), to: folder.appendingPathComponent("moved"))
      try train("--resume", "-d", "parts", "--steps", "20", in: folder)
      let files = try ["whole", "parts"].map {
        try TrainingProblem.files(folder.appendingPathComponent($0))
      }
      #expect(files[0] == files[1])
      let (first, last) = (try weights("moved", in: folder), try weights("whole", in: folder))
      #expect(first.keys.contains { $0.hasPrefix("H.") })
      for (name, values) in first {
        #expect((last[name] == values) == name.hasPrefix("H."), "\(name)")
      }
    }
  }

  @Test("a pattern that fits nothing is an error with the names there are")
  func pattern() throws {
    try withTemporaryDirectory { folder in
      try TrainingProblem.write(to: folder)
      let run = try BuiltTool(
        "train", "train.json", "--set", "weights.frozen=['H.*', 'N.*']", in: folder)
      #expect(run.status == 1 && run.errors.contains("no variable fits 'N.*'; the variables are"))
      #expect(run.errors.contains("O.hidden1.weights") && !run.errors.contains("'H.*'"))
    }
  }

  @Test("decay makes weights small")
  func decay() throws {
    try withTemporaryDirectory { folder in
      try TrainingProblem.write(to: folder, optimizer: TrainingProblem.adam)
      try train("train.json", "-d", "free", "--steps", "100", in: folder)
      try train(
        "train.json", "-d", "decayed", "--steps", "100", "--set", "weights.decay=100", in: folder)
      let squares = try ["free", "decayed"].map {
        try weights($0, in: folder).values.joined().reduce(0) { $0 + $1 * $1 }
      }
      #expect(squares[1] < 0.7 * squares[0], "\(squares)")
    }
  }
}
