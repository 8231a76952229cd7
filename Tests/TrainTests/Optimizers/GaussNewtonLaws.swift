import Graph
import Tensors
import TestSupport
import Testing
import Train

@Suite("Gauss-Newton methods")
struct GaussNewtonLaws {
  private static let first = Variable("first", [3, 4], initializer: .xavierUniform)
  private static let second = Variable("second", [4], initializer: .uniform(bound: 1))
  private let rows = Symbol.placeholder("X", ["labels", 3])
  private let references = Symbol.placeholder("y", ["labels"])

  /// Errors of a small network.
  private var objective: Objective {
    let hidden = rows.matmul(Self.first.symbol).tanh()
    let values = hidden.matmul(Self.second.symbol.reshaped([4, 1])).flattened()
    return Objective(errors: values - references, parameters: [Self.first, Self.second])
  }

  private func fill(_ feed: Feed<Double>, _ count: Int, seed: UInt64) {
    var random = RandomStream(seed: seed, stream: 0)
    feed[axis: "labels"] = count
    feed.set(rows, (0..<3 * count).map { _ in 2 * random.uniformDouble() - 1 })
    feed.set(references, (0..<count).map { _ in random.uniformDouble() })
  }

  @Test(
    "SPRING without momentum is the Kalman filter whose covariance is put back before each step",
    arguments: [1, 5, 40])
  func spring(labels: Int) throws {
    let (noise, epsilon) = (0.2, 0.05)
    let program = objective.minimized(
      by: Spring(
        learningRate: .constant(1), momentum: 0, damping: .constant(noise * epsilon))
    ).compiled()
    let filter = objective.minimized(
      by: ExtendedKalmanFilter(
        measurementNoise: .learningRate(.constant(1 / noise)), epsilon: epsilon)
    ).compiled()
    let state = State<Double>(program.variables, seed: 1)
    let session = Session(program, state: state, workers: Workers(count: 1))
    for step in 0..<5 {
      let feed = Feed<Double>()
      fill(feed, labels, seed: UInt64(step))
      let fresh = State<Double>(filter.variables, seed: 1)
      for variable in [Self.first, Self.second] {
        _ = fresh[variable].update(fromContentsOf: state[variable])
      }
      try Session(filter, state: fresh, workers: Workers(count: 1)).run(feed)
      try session.run(feed)
      for variable in [Self.first, Self.second] {
        #expect(largestDifference(state[variable], fresh[variable]) < 1e-11)
      }
    }
  }

  @Test("SPRING's direction explains the errors of the step and is the nearest to the one before")
  func momentum() throws {
    let spring = Spring(
      learningRate: .constant(1e-9), momentum: 0.9, damping: .constant(1e-9))
    let step = objective.minimized(by: spring)
    let program = step.compiled(fetching: [objective.errors, objective.jacobian])
    let state = State<Double>(program.variables, seed: 1)
    let session = Session(program, state: state, workers: Workers(count: 1))
    let phi = program.variables.first { $0.name == "spring.direction" }!
    for number in 0..<4 {
      let feed = Feed<Double>()
      fill(feed, 3, seed: UInt64(number))
      let before = Array(state[phi])
      try session.run(feed)
      let errors = Array(session.output(step.monitors.count))
      let jacobian = Array(session.output(step.monitors.count + 1))
      let after = Array(state[phi])
      let explained = (0..<3).map { row in
        (0..<16).reduce(0.0) { $0 + jacobian[16 * row + $1] * after[$1] }
      }
      #expect(largestDifference(explained, errors) < 1e-6)
      // The change φ - μ φ' is a combination of rows of J, so it is orthogonal to what they miss.
      let change = zip(after, before).map { $0 - 0.9 * $1 }
      let fit = try LeastSquares(
        (0..<16).flatMap { column in (0..<3).map { jacobian[16 * $0 + column] } }, rows: 16,
        columns: 3, rightHandSides: change)
      let rebuilt = (0..<16).map { column in
        (0..<3).reduce(0.0) { $0 + jacobian[16 * $1 + column] * fit.solution[$1] }
      }
      #expect(largestDifference(rebuilt, change) < 1e-9)
    }
  }

  @Test(
    "Levenberg's and Marquardt's step without damping on a linear model is least squares",
    arguments: [3, 4, 50])
  func leastSquares(labels m: Int) throws {
    let w = Variable("w", [4], initializer: .values([0.3, -0.2, 0.1, 0.5]))
    let x = Symbol.placeholder("X", [.fixed(m), 4])
    let y = Symbol.placeholder("y", [.fixed(m)])
    let errors = x.matmul(w.symbol.reshaped([4, 1])).flattened() - y
    let program = Objective(errors: errors).minimized(by: LevenbergMarquardt(damping: 1e-10))
      .compiled()
    var random = RandomStream(seed: 5, stream: 0)
    let matrix = (0..<4 * m).map { _ in 2 * random.uniformDouble() - 1 }
    let sides = (0..<m).map { _ in random.uniformDouble() }
    let feed = Feed<Double>()
    feed.set(x, matrix)
    feed.set(y, sides)
    let state = State<Double>(program.variables, seed: 1)
    let start = Array(state[w])
    try Session(program, state: state, workers: Workers(count: 1)).run(feed)
    // With fewer labels than weights, the nearest of all minima.
    let errorsBefore = (0..<m).map { row in
      (0..<4).reduce(-sides[row]) { $0 + matrix[4 * row + $1] * start[$1] }
    }
    let change = try LeastSquares(matrix, rows: m, columns: 4, rightHandSides: errorsBefore)
      .solution
    let expected = zip(start, change).map { $0 - $1 }
    #expect(largestDifference(state[w], expected) < 1e-7)
  }

  @Test("the damping falls with a good step, and rises with one that is refused")
  func damping() throws {
    let x = Variable("x", [1], initializer: .values([3]))
    // The linear model at 3 leads far over the minimum of (atan x)² at 0.
    let errors = x.symbol.atan2(.fill(1, [1]))
    let objective = Objective(errors: errors, parameters: [x])
    let program = objective.minimized(by: LevenbergMarquardt(damping: 1e-4)).compiled(fetching: [
      objective.squaredError
    ])
    let state = State<Double>(program.variables, seed: 1)
    let session = Session(program, state: state, workers: Workers(count: 1))
    func value(_ name: String) -> Double { state[program.variables.first { $0.name == name }!][0] }
    try session.run(Feed())
    #expect(state[x][0] == 3 && value("levenbergMarquardt.growth") == 4)
    #expect(abs(value("levenbergMarquardt.damping") - 2e-4) < 1e-15)
    try session.run(Feed())
    #expect(state[x][0] == 3 && value("levenbergMarquardt.growth") == 8)
    #expect(abs(value("levenbergMarquardt.damping") - 8e-4) < 1e-15)
    for _ in 0..<30 { try session.run(Feed()) }
    #expect(abs(state[x][0]) < 1e-6 && value("levenbergMarquardt.growth") == 2)
  }
}
