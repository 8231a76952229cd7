import Foundation
import Graph
import Synchronization
import Tensors
import TestSupport
import Testing
import Train

@Suite("Training runs repeat, stop and go on")
struct TrainingRunTests {
  @Test(
    "half a run and the other half are the whole run, bit for bit",
    arguments: OptimizerCase.all, [false, true])
  func resume(example: OptimizerCase, inDouble: Bool) throws {
    func check<Scalar: RealScalar>(_: Scalar.Type) throws {
      let run = CurveRun<Scalar>(optimizer: example.network)
      let whole = try withTemporaryDirectory { directory in
        #expect(try run.train(in: directory).isDone)
        return try RunFiles(directory)
      }
      try withTemporaryDirectory { directory in
        try run.with { $0.steps = 10 }.train(in: directory)
        #expect(try RunFiles(directory) != whole)
        try run.with { $0.resumes = true }.train(in: directory)
        #expect(try RunFiles(directory) == whole)
      }
      try withTemporaryDirectory { directory in
        let interrupted = try run.with { $0.stop = 7 }.train(in: directory)
        #expect(!interrupted.isDone)
        let resumed = try run.with { $0.resumes = true }.train(in: directory)
        #expect(resumed.isDone)
        #expect(try RunFiles(directory) == whole)
      }
    }
    try inDouble ? check(Double.self) : check(Float.self)
  }

  @Test(
    "schedules that look at errors go on in the midst of an epoch",
    arguments: [
      RunnerSchedule(
        ["value": .init(), "slope": .init(fraction: 0.5, threshold: 0.5, group: 5)],
        repeatsEnergy: true, structuresPerBlock: 7),
      N2P2Schedule(
        ["value": .init(threshold: 0.5), "slope": .init(fraction: 0.6, perStep: 5)],
        selection: [.init(from: 0, mode: .threshold), .init(from: 1, mode: .largest)]),
    ] as [any BatchSchedule])
  func resumeSelection(schedule: any BatchSchedule) throws {
    let run = CurveRun<Double>(
      optimizer: ExtendedKalmanFilter(), steps: 120, schedule: schedule)
    let whole = try withTemporaryDirectory { directory in
      try run.train(in: directory)
      return try RunFiles(directory)
    }
    let table = String(decoding: whole.metrics, as: UTF8.self).split(separator: "\n")
    #expect(table[0].contains("labels.value.visited,labels.value.skipped,labels.value.used"))
    for stop in [7, 61, 103] {
      try withTemporaryDirectory { directory in
        try run.with { $0.stop = stop }.train(in: directory)
        try run.with { $0.resumes = true }.train(in: directory)
        #expect(try RunFiles(directory) == whole)
      }
    }
  }

  @Test("models are kept along a run, the same where it was interrupted and resumed")
  func keptModels() throws {
    let run = CurveRun<Double>(optimizer: Adam(learningRate: .constant(0.5)), keepEvery: 8)
    func models(_ directory: URL) throws -> [String: Data] {
      let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
        .filter { $0.hasPrefix("kept-") }
      return Dictionary(
        uniqueKeysWithValues: try names.map {
          ($0, try Data(contentsOf: directory.appendingPathComponent($0)))
        })
    }
    let whole = try withTemporaryDirectory { directory in
      try run.train(in: directory)
      return try models(directory)
    }
    #expect(whole.keys.sorted() == ["kept-0", "kept-16", "kept-8"])
    #expect(Set(whole.values).count == 3)
    try withTemporaryDirectory { directory in
      try run.with { $0.stop = 9 }.train(in: directory)
      #expect(try models(directory).keys.sorted() == ["kept-0", "kept-8"])
      try run.with { $0.resumes = true }.train(in: directory)
      #expect(try models(directory) == whole)
    }
    try withTemporaryDirectory { directory in
      try run.with { $0.keepEvery = nil }.train(in: directory)
      #expect(try models(directory).isEmpty)
    }
  }

  @Test("a run that ends between two evaluations goes on as if it had not")
  func endBetweenEvaluations() throws {
    let waiting = Adam(
      learningRate: .constant(0.5), plateau: Plateau(factor: 0.5, patience: 1))
    let run = CurveRun<Double>(optimizer: waiting, evaluateEvery: 3)
    let whole = try withTemporaryDirectory { try run.train(in: $0).weights }
    let parts = try withTemporaryDirectory { directory in
      try run.with { $0.steps = 10 }.train(in: directory)
      return try run.with { $0.resumes = true }.train(in: directory).weights
    }
    #expect(parts == whole)
    let free = run.with { $0.optimizer = Adam(learningRate: .constant(0.5)) }
    #expect(try withTemporaryDirectory { try free.train(in: $0).weights } != whole)
  }

  @Test("the seed decides every bit", arguments: OptimizerCase.all.indices)
  func seeds(number: Int) throws {
    let run = CurveRun<Float>(optimizer: OptimizerCase.all[number].network)
    let files = try [UInt64(1), 1, 2].map { seed in
      try withTemporaryDirectory { directory in
        try run.with { $0.seed = seed }.train(in: directory)
        return try RunFiles(directory)
      }
    }
    #expect(files[0] == files[1] && files[0] != files[2])
  }

  @Test("a checkpoint of another optimizer is refused", arguments: OptimizerCase.all.indices)
  func otherOptimizer(number: Int) throws {
    try withTemporaryDirectory { directory in
      try CurveRun<Float>(optimizer: OptimizerCase.all[number].network).train(in: directory)
      let files = try RunFiles(directory)
      for (other, example) in OptimizerCase.all.enumerated() where other != number {
        #expect(throws: Checkpoint.Mismatch.self) {
          try CurveRun<Float>(optimizer: example.network, resumes: true).train(in: directory)
        }
      }
      #expect(throws: Checkpoint.Mismatch.self) {
        let optimizer = OptimizerCase.all[number].network
        try CurveRun<Double>(optimizer: optimizer, resumes: true).train(in: directory)
      }
      #expect(try RunFiles(directory) == files)
    }
  }

  /// The problem with a `fill` that takes its time.
  final class SlowFit: LabelSource, Sendable {
    let isFilling = Mutex(false)
    var kinds: [LabelKind] { CurveFit<Float>().kinds }

    func fill(_ feed: Feed<Float>, kind: Int, labels: [Int]) {
      isFilling.withLock { $0 = true }
      Thread.sleep(forTimeInterval: 0.005)
      CurveFit<Float>().fill(feed, kind: kind, labels: labels)
      isFilling.withLock { $0 = false }
    }
  }

  @Test("a trainer that is let go has done with its source")
  func release() throws {
    let source = SlowFit()
    for _ in 0..<5 {
      do {
        let trainer = try Trainer(
          source, optimizer: Adam(learningRate: .constant(0.01)), seed: 1,
          workers: Workers(count: 2))
        try trainer.advance()
      }
      #expect(source.isFilling.withLock { !$0 })
    }
  }

  @Test("the directory of a run is made if it is missing, or the error names it")
  func directory() throws {
    let run = CurveRun<Float>(optimizer: ExtendedKalmanFilter())
    try withTemporaryDirectory { directory in
      let inner = directory.appendingPathComponent("runs/first")
      let isDone = try run.train(in: inner).isDone
      #expect(isDone && FileManager.default.fileExists(atPath: inner.path + "/metrics.csv"))
    }
    let error = #expect(throws: TrainingFailure.self) {
      try run.train(in: URL(fileURLWithPath: "/dev/null/run"))
    }
    #expect(
      error?.description.hasPrefix("/dev/null/run: expected a folder that can be made, found ")
        == true)
  }

  @Test("without a checkpoint there is a sentence")
  func missing() throws {
    try withTemporaryDirectory { directory in
      let error = #expect(throws: Checkpoint.Mismatch.self) {
        try CurveRun<Float>(optimizer: ExtendedKalmanFilter(), resumes: true)
          .train(in: directory)
      }
      #expect(error?.description.contains("no checkpoint to go on from") == true)
    }
  }

  @Test(
    "a run that diverges says so and keeps the checkpoint before",
    arguments: [(1, 1000, 1000), (1000, 15, 1000), (1000, 1000, 15)])
  func divergence(logEvery: Int, checkpointEvery: Int, evaluateEvery: Int) throws {
    try withTemporaryDirectory { directory in
      let good = CurveRun<Float>(optimizer: Adam(learningRate: .constant(0.01)), steps: 10)
      try good.train(in: directory)
      let files = try RunFiles(directory)
      let bad = good.with {
        $0.optimizer = Adam(learningRate: .constant(1e30))
        ($0.steps, $0.resumes, $0.logEvery) = (200, true, logEvery)
        ($0.checkpointEvery, $0.evaluateEvery) = (checkpointEvery, evaluateEvery)
      }
      let error = #expect(throws: TrainingFailure.self) { try bad.train(in: directory) }
      #expect(error?.description.contains("lower the learning rate") == true)
      // The errors are large, but finite; an operation of their gradient is not.
      let fault = try #require(error?.description.split(separator: "\n").dropFirst().first)
      #expect(fault.hasPrefix("the first value at fault: ") && !fault.contains("adam"), "\(fault)")
      #expect(fault.hasSuffix(", the first value of the run that is not finite"))
      #expect(try RunFiles(directory).checkpoint == files.checkpoint)
      #expect(try RunFiles(directory).last == files.last)
      try good.with { ($0.steps, $0.resumes) = (20, true) }.train(in: directory)
    }
  }

  @Test("a run that diverges at once has the checkpoint of its start")
  func divergenceAtOnce() throws {
    try withTemporaryDirectory { directory in
      let run = CurveRun<Float>(optimizer: Adam(learningRate: .constant(1e30)))
      #expect(throws: TrainingFailure.self) { try run.train(in: directory) }
      let good = run.with { $0.optimizer = Adam(learningRate: .constant(0.01)) }
      let start = try withTemporaryDirectory { other in
        try good.train(in: other)
        return try RunFiles(other)
      }
      try good.with { $0.resumes = true }.train(in: directory)
      #expect(try RunFiles(directory) == start)
    }
  }

  @Test("two threads do what one does", arguments: OptimizerCase.all.indices)
  func threads(number: Int) throws {
    func difference<Scalar: RealScalar>(_: Scalar.Type) throws -> Double {
      // Large enough for matrix products and covariances to be shared out.
      let run = CurveRun<Scalar>(
        optimizer: OptimizerCase.all[number].network, steps: 100, evaluateEvery: 1000,
        checkpointEvery: 1000, hidden: [24, 24])
      let weights = try [1, 2].map { threads in
        try withTemporaryDirectory { directory in
          try run.with { $0.threads = threads }.train(in: directory).weights
        }
      }
      return largestDifference(weights[1], weights[0])
    }
    #expect(try difference(Double.self) < 1e-12)
    #expect(try difference(Float.self) < 1e-5)
  }

  @Test(
    "TensorBoard finds curves, histograms and the graph of a run that was resumed",
    .enabled(
      if: EventFilePython.python != nil, "Python with the package tensorboard is not installed."))
  func events() throws {
    try withTemporaryDirectory { directory in
      let run = CurveRun<Float>(optimizer: ExtendedKalmanFilter())
      try run.with { $0.stop = 7 }.train(in: directory)
      try run.with { $0.resumes = true }.train(in: directory)
      let content = try EventFilePython().read(directory)
      #expect(content.scalars["value/rmse"]?.map { $0[0] } == [0, 5, 10, 15, 20])
      let losses = (content.scalars["loss/value"] ?? []) + (content.scalars["loss/slope"] ?? [])
      #expect(losses.map { $0[0] }.sorted() == (1...20).map(Double.init))
      #expect(content.scalars["optimizer/rejectedSteps"]?.allSatisfy { $0[1] == 0 } == true)
      #expect(content.histograms["weights/net.hidden1.weights"]?.num == 8)
      let names = Set(content.nodes.map(\.name))
      #expect(names.count == content.nodes.count && names.contains("net/hidden1/weights"))
      for node in content.nodes { #expect(names.isSuperset(of: node.input)) }
      #expect(content.nodes.contains { $0.op == "symmetricRankUpdate" })
    }
  }
}
