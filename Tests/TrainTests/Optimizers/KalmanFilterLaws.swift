import Graph
import Tensors
import TestSupport
import Testing
import Train

@Suite("The extended Kalman filter is what its formulas say")
struct KalmanFilterLaws {
  private static let weights = Variable("w", [4], initializer: .values([0.3, -0.2, 0.1, 0.5]))

  /// Errors `X w - y` of a linear model with m labels.
  private static func errors(_ m: Int) -> Symbol {
    let rows = Symbol.placeholder("X", [.fixed(m), 4])
    return rows.matmul(weights.symbol.reshaped([4, 1])).flattened()
      - .placeholder("y", [.fixed(m)])
  }

  private static func data(_ count: Int) -> (x: [Double], y: [Double]) {
    var random = RandomStream(seed: 5, stream: 0)
    return (
      (0..<4 * count).map { _ in 2 * random.uniformDouble() - 1 },
      (0..<count).map { _ in random.uniformDouble() }
    )
  }

  @Test("on a linear model it is recursive least squares", arguments: [1, 3])
  func leastSquares(batch m: Int) throws {
    let (eta, epsilon, steps) = (2.0, 0.1, 20)
    let filter = ExtendedKalmanFilter(
      measurementNoise: .learningRate(.constant(eta)), processNoise: .constant(0), epsilon: epsilon)
    let program = Objective(errors: Self.errors(m)).minimized(by: filter).compiled()
    let state = State<Double>(program.variables, seed: 0)
    let start = Array(state[Self.weights])
    let session = Session(program, state: state, workers: Workers(count: 1))
    let (x, y) = Self.data(steps * m)
    let feed = Feed<Double>()
    for step in 0..<steps {
      feed.set("X", Array(x[4 * m * step..<4 * m * (step + 1)]))
      feed.set("y", Array(y[m * step..<m * (step + 1)]))
      try session.run(feed)
    }
    // The minimum of η |X w - y|² + ε |w - w₀|² has a gradient of zero, and P is the inverse of half
    // its second derivative.
    let found = Array(state[Self.weights])
    var hessian = [Double](repeating: 0, count: 16)
    var slope = (0..<4).map { epsilon * (found[$0] - start[$0]) }
    for i in 0..<4 { hessian[5 * i] = epsilon }
    for row in y.indices {
      let values = x[4 * row..<4 * row + 4].map { $0 }
      let error = zip(values, found).reduce(-y[row]) { $0 + $1.0 * $1.1 }
      for i in 0..<4 {
        slope[i] += eta * error * values[i]
        for j in 0..<4 { hessian[4 * i + j] += eta * values[i] * values[j] }
      }
    }
    #expect(slope.allSatisfy { abs($0) < 1e-10 }, "\(slope)")
    let covariance = program.variables.first { $0.name == "kalman.covariance" }!
    let p = state[covariance]
    for i in 0..<4 {
      for j in 0..<4 {
        let product = (0..<4).reduce(0.0) { sum, k in
          sum + hessian[4 * i + k] * p[4 * max(k, j) + min(k, j)]
        }
        #expect(abs(product - (i == j ? 1 : 0)) < 1e-10)
      }
    }
  }

  @Test(
    "a step with errors that are no numbers changes no weight and inflates the covariance",
    arguments: [
      ExtendedKalmanFilter(processNoise: .constant(0.1)),
      ExtendedKalmanFilter(
        measurementNoise: .fading(initial: 0.98, nu: 0.99), processNoise: .constant(0.1)),
    ], [("y", Double.nan), ("y", Double.infinity), ("X", Double.nan), ("X", 1e300)])
  func rejection(filter: ExtendedKalmanFilter, fault: (name: String, value: Double)) throws {
    let program = Objective(errors: Self.errors(2)).minimized(by: filter).compiled()
    let state = State<Double>(program.variables, seed: 0)
    let session = Session(program, state: state, workers: Workers(count: 1))
    let (x, y) = Self.data(4)
    func run(_ start: Int, fault: (name: String, value: Double)? = nil) throws {
      var values = [
        "X": Array(x[8 * start..<8 * start + 8]), "y": Array(y[2 * start..<2 * start + 2]),
      ]
      if let fault { values[fault.name]![0] = fault.value }
      let feed = Feed<Double>()
      for (name, value) in values { feed.set(name, value) }
      try session.run(feed)
    }
    func snapshot() -> [String: [Double]] {
      Dictionary(uniqueKeysWithValues: state.variables.map { ($0.name, Array(state[$0])) })
    }
    try run(0)
    var before = snapshot()
    #expect(before["kalman.rejectedSteps"] == [0] && before["optimizer.step"] == [1])
    try run(0, fault: fault)
    var after = snapshot()
    #expect(after.removeValue(forKey: "kalman.rejectedSteps") == [1])
    #expect(after.removeValue(forKey: "optimizer.step") == [2])
    before.removeValue(forKey: "kalman.rejectedSteps")
    before.removeValue(forKey: "optimizer.step")
    // Without a measurement P only grows on its diagonal: by the noise of the process, and by the
    // inflation of a rejected step.
    let n = before["w"]!.count
    let inflation = 0.1 + 1e-6 / filter.epsilon
    for i in 0..<n { before["kalman.covariance"]![i * n + i] += inflation }
    let (p, expected) = (
      after.removeValue(forKey: "kalman.covariance")!,
      before.removeValue(forKey: "kalman.covariance")!
    )
    let lower = (0..<n).flatMap { row in (0...row).map { row * n + $0 } }
    #expect(largestDifference(lower.map { p[$0] }, lower.map { expected[$0] }) < 1e-15)
    #expect(after == before)
    try run(1)
    #expect(snapshot()["w"] != before["w"])
    #expect(snapshot().values.allSatisfy { $0.allSatisfy { $0.isFinite } })
  }
}
