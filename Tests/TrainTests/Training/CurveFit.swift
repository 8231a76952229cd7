import Foundation
import Graph
import Layers
import Tensors
import Train

/// A small problem with two kinds of label, values and slopes of a function of two variables, as
/// energies and forces are.
final class CurveFit<Scalar: RealScalar>: LabelSource {
  let network: Perceptron
  let kinds: [LabelKind]
  let schedule: any BatchSchedule
  private let points: [[Double]]
  /// The point whose labels are a thousand times too large.
  private let wildPoint: Int?
  private let x = Symbol.placeholder("x", ["labels", 2])
  private let y = Symbol.placeholder("y", ["labels"])

  init(
    hidden: [Int] = [4], count: Int = 40, schedule: any BatchSchedule = RandomLabels(),
    wildPoint: Int? = nil
  ) {
    self.wildPoint = wildPoint
    self.schedule = schedule
    network = Perceptron("net", sizes: [2] + hidden + [1])
    var random = RandomStream(seed: 3, stream: 0)
    points = (0..<count).map { _ in [random.uniformDouble(), random.uniformDouble()] }
    let labels: Extent = "labels"
    let y = y
    let values = network(x).reshaped([labels])
    let slopes = gradient(of: values.sum(), by: x).sum(along: 1)
    func kind(_ name: String, _ errors: Symbol, _ perStep: Int) -> LabelKind {
      LabelKind(
        name: name, errors: errors / Double(perStep).squareRoot(), count: count,
        labelsPerStep: perStep)
    }
    kinds = [kind("value", values - y, 1), kind("slope", slopes - y, 5)]
  }

  func fill(_ feed: Feed<Scalar>, kind: Int, labels: [Int]) {
    feed[axis: "labels"] = labels.count
    feed.set(x, labels.flatMap { points[$0] })
    feed.set(y, labels.map { label(kind, $0) })
  }

  /// Each point is a structure of its own.
  func structures(ofErrorsOf kind: Int, labels: [Int]) -> [Int] { labels }

  /// `f = sin(3 x₀) + x₁²`, or the sum of its slopes.
  private func label(_ kind: Int, _ point: Int) -> Double {
    let (a, b) = (points[point][0], points[point][1])
    let value = kind == 0 ? sin(3 * a) + b * b : 3 * cos(3 * a) + 2 * b
    return point == wildPoint ? 1000 * value : value
  }

  /// The root mean squared errors of all values and slopes.
  func evaluate(_ state: State<Scalar>) throws -> Evaluation {
    let errors = try kinds.indices.map { kind in
      let session = Session(
        Program([kinds[kind].errors]), state: state, workers: Workers(count: 1))
      let feed = Feed<Scalar>()
      fill(feed, kind: kind, labels: Array(points.indices))
      try session.run(feed)
      let scale = Double(kinds[kind].labelsPerStep)
      let sum = session.output(0).reduce(0) { $0 + Double($1) * Double($1) * scale }
      return (sum / Double(points.count)).squareRoot()
    }
    return Evaluation(metrics: errors, loss: errors[0] * errors[0] + errors[1] * errors[1])
  }
}

/// A run on that problem in a directory.
struct CurveRun<Scalar: RealScalar> {
  var optimizer: any Optimizer
  var seed: UInt64 = 1
  var steps = 20
  var resumes = false
  var evaluateEvery = 5
  var checkpointEvery = 10
  var logEvery = 1
  var keepEvery: Int?
  var threads = 1
  var hidden = [4]
  var weightAverage: Double?
  var wildPoint: Int?
  /// The batch schedule of optimizers that need no fixed batch.
  var schedule: any BatchSchedule = RandomLabels()
  var diagnostics: [any TrainingDiagnostic] = [WeightHistograms()]
  /// The step after which the run is interrupted.
  var stop: Int?

  /// Trains; returns whether the run came to its end, and the weights.
  @discardableResult
  func train(
    in directory: URL, report: @escaping (TrainingReport) -> Void = { _ in }
  ) throws -> (isDone: Bool, weights: [Double]) {
    let schedule: any BatchSchedule =
      optimizer.needsFixedBatch ? WholeStructures(perStep: 30, isFixed: true) : self.schedule
    let fit = CurveFit<Scalar>(hidden: hidden, schedule: schedule, wildPoint: wildPoint)
    let trainer = try Trainer(
      fit, optimizer: optimizer, seed: seed, weightAverage: weightAverage,
      workers: Workers(count: threads))
    let state = trainer.modelState
    let hooks = TrainingHooks(
      metricNames: ["value.rmse", "slope.rmse"], evaluate: { try fit.evaluate(state) },
      saveModel: { model in
        let name =
          switch model {
          case .best: "best"
          case .last: "last"
          case .kept(let step): "kept-\(step)"
          }
        let text = state.parameters.elements.map { "\($0)" }.joined(separator: "\n")
        try Data(text.utf8).write(to: directory.appendingPathComponent(name))
      },
      report: report, isInterrupted: { trainer.position.step == stop })
    let plan = TrainingPlan(
      steps: steps, evaluateEvery: evaluateEvery, checkpointEvery: checkpointEvery,
      logEvery: logEvery, keepEvery: keepEvery)
    let run = try TrainingRun(
      trainer, plan: plan, directory: directory, resumes: resumes, hooks: hooks,
      diagnostics: diagnostics)
    let isDone = try run.run()
    return (isDone, state.parameters.elements.map(Double.init))
  }

  /// Changes some properties.
  func with(_ change: (inout Self) -> Void) -> Self {
    var copy = self
    change(&copy)
    return copy
  }
}

/// The bytes of all files that a run must repeat.
struct RunFiles: Equatable {
  var checkpoint, best, last, metrics: Data

  init(_ directory: URL) throws {
    func data(_ name: String) throws -> Data {
      try Data(contentsOf: directory.appendingPathComponent(name))
    }
    checkpoint = try data("checkpoint/state.safetensors")
    (best, last, metrics) = (try data("best"), try data("last"), try data("metrics.csv"))
  }
}
