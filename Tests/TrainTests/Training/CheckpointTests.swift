import Atomistic
import Foundation
import Graph
import Tensors
import TestSupport
import Testing

@testable import Train

@Suite("Checkpoints keep what a run was started with")
struct CheckpointTests {
  private let run = CurveRun<Float>(optimizer: ExtendedKalmanFilter())

  @Test("a checkpoint with one wrong bit is refused, whichever it is")
  func bits() throws {
    try withTemporaryDirectory { directory in
      try run.with { $0.steps = 10 }.train(in: directory)
      let folder = ModelDirectory(directory).checkpoint
      let file = folder.appendingPathComponent(Checkpoint.fileName)
      try forEachWrongBit(of: file, seed: 13) { bit in
        #expect(throws: (any Error).self, "bit \(bit)") { try Checkpoint.record(in: folder) }
      }
    }
  }

  @Test("a record comes back, and the state beside it")
  func record() throws {
    try withTemporaryDirectory { folder in
      let variable = Variable("w", [2], initializer: .constant(3))
      let state = State<Double>([variable], seed: 1)
      let data = DataDigest([ModelFixtures.waterBox, ModelFixtures.molecule], weights: [1, 0])
      var record = RunRecord(configuration: "{}", data: data)
      record.rows = 4
      var position = TrainingPosition(seed: 5)
      (position.step, position.best) = (7, .init(loss: 0.5, step: 6))
      try Checkpoint.write(state, position, record, to: folder)
      #expect(try Checkpoint.record(in: folder) == record)
      #expect(try Checkpoint.read(state, from: folder) == position)
      position.best?.step = 8
      try Checkpoint.write(state, position, to: folder)
      let error = #expect(throws: Checkpoint.Mismatch.self) {
        try Checkpoint.read(state, from: folder)
      }
      #expect(error?.description.contains("no metadata 'position'") == true)
    }
  }

  @Test("without its best loss a checkpoint goes on without a second row of its step")
  func withoutBest() throws {
    try withTemporaryDirectory { directory in
      try run.with { $0.steps = 10 }.train(in: directory)
      let file = ModelDirectory(directory).checkpoint
        .appendingPathComponent(Checkpoint.fileName)
      var content = try SafeTensors(contentsOf: file)
      let text = try #require(content.metadata["position"])
      content.metadata["position"] = text.replacing(/"best":\{[^}]*\},/, with: "")
      try #require(content.metadata["position"] != text)
      try content.write(to: file)
      try run.with { $0.resumes = true }.train(in: directory)
      let table = try MetricsTable(contentsOf: ModelDirectory(directory).metrics)
      #expect(table.rows.map(\.step) == [0, 5, 10, 15, 20])
    }
  }

  @Test("rows of metrics that are missing are told, and do not end the run", arguments: [0, 1])
  func missingRows(kept: Int) throws {
    try withTemporaryDirectory { directory in
      try run.with { $0.steps = 10 }.train(in: directory)
      let file = ModelDirectory(directory).metrics
      let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
      if kept == 0 {
        try FileManager.default.removeItem(at: file)
      } else {
        try Data("\(lines[0])\n\(lines[1])\n\(lines[3])\n".utf8).write(to: file)
      }
      var warnings: [String] = []
      try run.with { $0.resumes = true }.train(in: directory) {
        if case .warning(let text) = $0 { warnings.append(text) }
      }
      #expect(warnings.count == 1 && warnings[0].contains("but had 3 when the checkpoint"))
      let steps = try MetricsTable(contentsOf: file).rows.map(\.step)
      #expect(steps == (kept == 0 ? [15, 20] : [0, 10, 15, 20]))
    }
  }

  @Test("events before a checkpoint are on disk with it")
  func events() throws {
    try withTemporaryDirectory { directory in
      var sizes: [Int: Int] = [:]
      func size() throws -> Int {
        let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
        let name = try #require(names.first { $0.hasPrefix(EventFileWriter.namePrefix) })
        return try Data(contentsOf: directory.appendingPathComponent(name)).count
      }
      try run.with { $0.evaluateEvery = 1000 }.train(in: directory) {
        if case .step(let step) = $0 { sizes[step] = try? size() }
      }
      // The checkpoint of step 10 comes after the report of that step.
      #expect(sizes[2] == sizes[10])
      #expect(sizes[11] ?? 0 > sizes[10] ?? 0)
    }
  }

  @Test("names of event files that hold no time do not count")
  func eventNames() throws {
    try withTemporaryDirectory { directory in
      let name = "\(EventFileWriter.namePrefix)9223372036854775807.x"
      try Data().write(to: directory.appendingPathComponent(name))
      let writer = try EventFileWriter(directory: directory) { 1_700_000_000 }
      #expect(writer.file.lastPathComponent.contains(".1700000000."))
    }
  }

  @Test("variables beyond the memory are refused before any is taken")
  func memory() throws {
    let wide = run.with { $0.hidden = [3000, 3000] }
    try withTemporaryDirectory { directory in
      let error = #expect(throws: TrainingFailure.self) { try wide.train(in: directory) }
      #expect(error?.description.contains("choose a smaller network") == true)
    }
  }

  @Test("options of an optimizer's start are named")
  func initialOptions() {
    let filter = OptimizerChoice(ExtendedKalmanFilter())
    let other = OptimizerChoice(ExtendedKalmanFilter(epsilon: 0.5))
    #expect(filter.initialOption(differingFrom: other) == "ekf.epsilon")
    #expect(filter.initialOption(differingFrom: filter) == nil)
    let faster = ExtendedKalmanFilter(measurementNoise: .learningRate(.constant(2)))
    #expect(filter.initialOption(differingFrom: OptimizerChoice(faster)) == nil)
    let adam = OptimizerChoice(Adam(learningRate: .constant(0.01)))
    #expect(filter.initialOption(differingFrom: adam) == nil)
  }
}

@Suite("Digests of training data tell how data have changed")
struct DataDigestTests {
  private static let first = ModelFixtures.waterBox
  private static let second = ModelFixtures.crystal

  private func digest(_ structures: [Structure], weights: [Double]? = nil) -> DataDigest {
    DataDigest(structures, weights: weights ?? structures.map { _ in 1 })
  }

  @Test("order, growth, loss and edits are told apart")
  func changes() {
    let (a, b) = (Self.first, Self.second)
    let data = digest([a, b])
    #expect(data.change(since: digest([a, b])) == nil)
    #expect(digest([b, a]).change(since: data) == .order && digest([b, a]).text == data.text)
    #expect(digest([a, b, a]).change(since: data) == .content(removed: 0, added: 1))
    #expect(digest([b]).change(since: data) == .content(removed: 1, added: 0))
    #expect(digest([a, b], weights: [1, 2]).change(since: data) == .content(removed: 1, added: 1))
    #expect(digest([a, b, a]).text != data.text)
  }

  @Test(
    "each number and label of a structure counts, its name does not",
    arguments: [
      { $0.positions[0].x.negate() }, { $0.elements[0] = .carbon },
      { $0.cell = nil }, { $0.labels.energy = 1 }, { $0.labels.energy = 0 },
      { $0.labels.forces = $0.positions }, { $0.labels.stress = .identity },
      { $0.labels.others = ["dipole": .init(carrier: .structure, [0])] },
      { $0.cell = $0.cell?.scaled(by: 2) },
    ] as [@Sendable (inout Structure) -> Void])
  func edits(change: @Sendable (inout Structure) -> Void) {
    var structure = Self.first
    structure.name = "another"
    structure.info = ["step": "4"]
    #expect(structure.digest == Self.first.digest)
    change(&structure)
    #expect(structure.digest != Self.first.digest)
  }
}
