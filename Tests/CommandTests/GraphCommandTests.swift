import Foundation
import TestSupport
import Testing

@testable import AtomFlowTool

@Suite("Programs of a model are shown, checked and timed")
struct GraphCommandTests {
  /// Trains a small model into `model`.
  private func train(in folder: URL, _ arguments: String...) throws {
    try TrainingProblem.write(to: folder)
    let run = try BuiltTool(["train", "train.json"] + arguments, in: folder)
    #expect(run.status == 0, "\(run.errors)")
  }

  private func graph(_ line: String, in folder: URL) throws -> BuiltTool {
    try BuiltTool(["graph"] + line.split(separator: " ").map(String.init), in: folder)
  }

  @Test("as text, for Graphviz and for TensorBoard, alike each time")
  func shown() throws {
    try withTemporaryDirectory { folder in
      try train(in: folder)
      func text(_ line: String) throws -> String {
        let runs = [try graph(line, in: folder), try graph(line, in: folder)]
        #expect(runs[0].status == 0 && runs[0].errors.isEmpty, "\(runs[0].errors)")
        #expect(runs[0].output == runs[1].output)
        return runs[0].output
      }
      let prediction = try text("model")
      #expect(prediction.contains("O.hidden1.weights") && prediction.contains("pair.first"))
      #expect(prediction.split(separator: "\n").last?.hasPrefix("return %") == true)
      let training = try text("model --of training")
      #expect(training.contains("\nkalman.covariance ← "))
      let drawing = try text("model --format dot --of training")
      #expect(drawing.hasPrefix("digraph {\n") && drawing.hasSuffix("\n}\n"))
      #expect(drawing.contains("kalman.covariance"))

      let run = try graph("model --format tensorboard", in: folder)
      let file = String(run.output.dropLast())
      #expect(run.status == 0 && file.contains("model/events.out.tfevents."))
      #expect(try Data(contentsOf: URL(fileURLWithPath: file)).count > 1000)
    }
  }

  @Test("the step of a training leaves frozen weights out")
  func frozen() throws {
    try withTemporaryDirectory { folder in
      try train(in: folder, "--set", "weights.frozen=['H.*']", "--steps", "1")
      let training = try graph("model --of training", in: folder).output
      #expect(training.contains("\nO.hidden1.weights ← "))
      #expect(!training.contains("\nH.hidden1.weights ← ") && training.contains("H.hidden1"))
    }
  }

  @Test("gradients agree with differences, by each variable and placeholder")
  func check() throws {
    try withTemporaryDirectory { folder in
      try train(in: folder)
      let energy = try graph("model --check --structures water.extxyz", in: folder)
      #expect(energy.status == 0 && energy.errors.isEmpty, "\(energy)")
      for source in ["positions ", "strain ", "H.hidden1.weights ", "O.hidden1.bias "] {
        let lines = energy.output.split(separator: "\n").filter { $0.hasPrefix(source) }
        #expect(lines.count == 3, "\(energy.output)")
        // A gradient that is zero would agree with anything that is.
        #expect(lines.allSatisfy { !$0.contains(" 0 ") }, "\(lines)")
      }
      let loss = try graph("model --of training --check --structures water.extxyz", in: folder)
      #expect(loss.status == 0 && loss.errors.isEmpty, "\(loss)")
      #expect(loss.output.contains("O.hidden1.weights ") && !loss.output.contains("positions"))
    }
  }

  @Test("a gradient that is wrong ends with status 1")
  func wrong() throws {
    try withTemporaryDirectory { folder in
      try TrainingProblem.write(to: folder)
      // A rectifier has kinks between the differences where many nodes are near zero.
      let options = [
        "network.behlerParrinello.activation=rectifier", "network.behlerParrinello.hidden=[400]",
      ]
      let run = try BuiltTool(
        ["train", "train.json", "--steps", "0"] + options.flatMap { ["--set", $0] }, in: folder)
      #expect(run.status == 0, "\(run.errors)")
      let check = try graph("model --check --structures water.extxyz", in: folder)
      #expect(check.status == 1 && check.errors.contains("differs from differences"), "\(check)")
      #expect(check.output.contains("positions "))
    }
  }

  private struct Trace: Decodable {
    struct Event: Decodable { var name: String, ph: String, ts: Double, dur: Double }
    var traceEvents: [Event]
  }

  @Test(
    "times of all phases are printed, and written as a trace", arguments: ["float32", "float64"])
  func profile(precision: String) throws {
    try withTemporaryDirectory { folder in
      try train(in: folder, "--set", "precision=\(precision)")
      for (subject, operation) in [
        ("prediction", "segmentSum"), ("training", "symmetricRankUpdate"),
      ] {
        let run = try graph(
          "model --of \(subject) --profile --structures water.extxyz --trace \(subject).json",
          in: folder)
        #expect(run.status == 0, "\(run.errors)")
        let lines = run.output.split(separator: "\n")
        #expect(lines[0].hasPrefix("operation") && lines[0].contains("µs"))
        let trace = try JSONDecoder().decode(
          Trace.self, from: Data(contentsOf: folder.appendingPathComponent("\(subject).json")))
        #expect(trace.traceEvents.count == lines.count - 1)
        #expect(trace.traceEvents.allSatisfy { $0.ph == "X" && $0.dur >= 0 })
        #expect(trace.traceEvents.contains { $0.name.contains(operation) }, "\(run.output)")
      }
      let lost = try graph(
        "model --profile --structures water.extxyz --trace none/a.json", in: folder)
      #expect(
        lost.status == 1
          && lost.errors.contains("none/a.json: expected a file that can be written to"))
    }
  }

  @Test(
    "lines that mean nothing are refused",
    arguments: [
      ("model --check", "need --structures"), ("model --profile", "need --structures"),
      ("model --structures a", "no meaning without --check or --profile"),
      ("model --check --structures a --trace b", "no meaning without --profile"),
      ("model --check --structures a --format dot", "--format has no meaning beside --check"),
      ("model --threads 0", "--threads"),
    ])
  func usage(line: String, words: String) throws {
    var errors = ""
    let tool = Tool(commands: [GraphCommand.self], output: { _ in }, errors: { errors += $0 })
    let status = tool.run(["graph"] + line.split(separator: " ").map(String.init))
    #expect(status == .wrongUsage && errors.contains(words), "\(errors)")
  }
}
