import Graph
import Tensors
import Train

/// Case 2: the parts of a Kalman step, and the step of a linear model, for m labels and n weights.
struct KalmanCase<Scalar: RealScalar> {
  /// The timed work.
  enum Part: String, CaseIterable, Sendable { case step, product, solve, update }

  let part: Part
  let labels, weights: Int

  func measure(_ name: String, _ context: BenchmarkContext) throws -> BenchmarkResult {
    let (session, feed) = part == .step ? step(context.workers) : single(context.workers)
    let calls = part == .step && !context.isQuick ? ExtendedKalmanFilter.cycle : nil
    let time = try context.stopwatch.measure(calls: calls) { try session.run(feed) }
    let work = KalmanWork(m: labels, n: weights, size: MemoryLayout<Scalar>.size)
    let least =
      switch part {
      case .step: work.step
      case .product: work.product
      case .solve: work.solve
      case .update: work.update
      }
    return BenchmarkResult(name: name, time: time, work: least, yield: Yield(1, .steps))
  }

  /// The filter for `ŷ = X w`, whose Jacobian is X: all that a step costs beside the Jacobian.
  private func step(_ workers: Workers) -> (Session<Scalar>, Feed<Scalar>) {
    let w = Variable("weights", [weights], initializer: .constant(0))
    let x = Symbol.placeholder("rows", ["labels", .fixed(weights)])
    let references = Symbol.placeholder("references", ["labels"])
    let errors = x.matmul(w.symbol.reshaped([.fixed(weights), 1])).flattened()
    let session = OptimizerCase<Scalar, ExtendedKalmanFilter>.session(
      Objective(errors: errors - references), .benchmark, workers)
    let feed = rows([x])
    feed.set(references, [Double](repeating: 1, count: labels))
    feed[axis: "labels"] = labels
    return (session, feed)
  }

  /// One part as a program of its own.
  private func single(_ workers: Workers) -> (Session<Scalar>, Feed<Scalar>) {
    let (m, n) = (Extent.fixed(labels), Extent.fixed(weights))
    let x = Symbol.placeholder("rows", [m, n])
    let p = Variable(
      "covariance", [weights, weights], initializer: .identity(scale: 1), isTrainable: false)
    let product = Symbol.placeholder("product", [m, n])
    let program: Program
    switch part {
    case .step, .product: program = Program([p.symbol.symmetricProduct(x)])
    case .solve:
      let innovation = product.matmul(x, otherTransposed: true) + .identity(m)
      program = Program([innovation.cholesky().triangularSolve(product)])
    case .update:
      program = Program(
        [],
        updates: [
          p: p.symbol.symmetricRankUpdate(subtracting: x, addingToDiagonal: .fill(0, .scalar))
        ])
    }
    let state = State<Scalar>(program.variables, seed: 1)
    return (Session(program, state: state, workers: workers), rows([x, product]))
  }

  /// Random rows, so short that P stays positive however often they are taken off.
  private func rows(_ placeholders: [Symbol]) -> Feed<Scalar> {
    let feed = Feed<Scalar>()
    var random = RandomStream(seed: 5)
    let values = (0..<labels * weights).map { _ in 1e-4 * random.normal() }
    for placeholder in placeholders { feed.set(placeholder, values) }
    return feed
  }
}
