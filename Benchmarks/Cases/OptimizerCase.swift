import Graph
import Tensors
import Train

/// Cases 2 and 3: a whole step of an optimizer, from rows in memory to new weights and memory.
struct OptimizerCase<Scalar: RealScalar, Method: Optimizer> {
  let batch: LabelBatch
  let optimizer: Method
  /// The steps of one sample; a filter that puts its updates off needs a whole cycle.
  let calls: Int?
  /// The optimizer's own least work with n weights.
  let work: @Sendable (_ weights: Int) -> Work

  func measure(_ name: String, _ context: BenchmarkContext) throws -> BenchmarkResult {
    let water = try context.water(Scalar.self, structures: batch.structures)
    let network = water.network()
    let session = Self.session(water.objective(batch, network), optimizer, context.workers)
    let feed = water.feed(batch)
    let calls = context.isQuick ? calls.map { min($0, 4) } : calls
    let time = try context.stopwatch.measure(calls: calls) { try session.run(feed) }
    let count = session.state.parameters.count
    let (jacobian, own) = (water.jacobianWork(batch, network), work(count))
    return BenchmarkResult(
      name: name, time: time,
      work: Work(
        arithmetic: jacobian.arithmetic + own.arithmetic, bytesRead: own.bytesRead,
        bytesWritten: own.bytesWritten, scalarSize: own.scalarSize),
      yield: Yield(1, .steps))
  }

  /// A session of the optimizer's step with a state of its own.
  static func session(
    _ objective: Objective, _ optimizer: Method, _ workers: Workers
  ) -> Session<Scalar> {
    let program = objective.minimized(by: optimizer).compiled()
    let state = State<Scalar>(objective.parameters.variables + program.variables, seed: 1)
    return Session(program, state: state, workers: workers)
  }
}

extension ExtendedKalmanFilter {
  /// The filter of the cases: η = 1, P(0) = I and no noise.
  static let benchmark = ExtendedKalmanFilter(processNoise: .constant(0), epsilon: 1)

  /// The steps of a sample: P is changed in a sweep of its own whenever 20 rows wait, and a sample
  /// has to hold a whole number of these, for 1 and for 10 rows a step.
  static let cycle = 80
}

extension Adam {
  /// The optimizer of the cases: η = 10⁻³, no clipping.
  static let benchmark = Adam(learningRate: .constant(1e-3))
}
