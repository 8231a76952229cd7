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
    let (rows, references) = inputs(m)
    return rows.matmul(weights.symbol.reshaped([4, 1])).flattened() - references
  }

  private static func inputs(_ m: Int) -> (x: Symbol, y: Symbol) {
    (.placeholder("X", [.fixed(m), 4]), .placeholder("y", [.fixed(m)]))
  }

  private static func data(_ count: Int) -> (x: [Double], y: [Double]) {
    var random = RandomStream(seed: 5, stream: 0)
    return (
      (0..<4 * count).map { _ in 2 * random.uniformDouble() - 1 },
      (0..<count).map { _ in random.uniformDouble() }
    )
  }

  /// The covariance P of the weights, a full matrix.
  private static func covariance<S>(
    _ filter: ExtendedKalmanFilter, _ state: State<S>
  ) throws -> [Double] {
    let program = Program([filter.covariance(of: ParameterVector([weights]))])
    let session = Session(program, state: state, workers: Workers(count: 1))
    try session.run(Feed())
    return session.tensor(0).doubles
  }

  @Test("on a linear model it is recursive least squares", arguments: [1, 3])
  func leastSquares(batch m: Int) throws {
    // More rows than may wait before the matrix is changed.
    let (eta, epsilon, steps) = (2.0, 0.1, 50)
    let filter = ExtendedKalmanFilter(
      measurementNoise: .learningRate(.constant(eta)), processNoise: .constant(0), epsilon: epsilon)
    let program = Objective(errors: Self.errors(m)).minimized(by: filter).compiled()
    let state = State<Double>(program.variables, seed: 0)
    let start = Array(state[Self.weights])
    let session = Session(program, state: state, workers: Workers(count: 1))
    let (x, y) = Self.data(steps * m)
    let feed = Feed<Double>()
    for step in 0..<steps {
      feed.set(Self.inputs(m).x, Array(x[4 * m * step..<4 * m * (step + 1)]))
      feed.set(Self.inputs(m).y, Array(y[m * step..<m * (step + 1)]))
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
    let p = try Self.covariance(filter, state)
    for i in 0..<4 {
      for j in 0..<4 {
        let product = (0..<4).reduce(0.0) { sum, k in
          sum + hessian[4 * i + k] * p[4 * k + j]
        }
        #expect(abs(product - (i == j ? 1 : 0)) < 1e-10)
      }
    }
  }

  @Test(
    "a step with errors that are no numbers changes no weight",
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
      feed.set(Self.inputs(2).x, values["X"]!)
      feed.set(Self.inputs(2).y, values["y"]!)
      try session.run(feed)
    }
    // What counts of the covariance is its value: rows of zeros may wait to be subtracted.
    func snapshot() throws -> (covariance: [Double], others: [String: [Double]]) {
      let others = state.variables.filter {
        !$0.name.hasPrefix("kalman.pending") && $0.name != "kalman.covariance"
      }
      return (
        try Self.covariance(filter, state),
        Dictionary(uniqueKeysWithValues: others.map { ($0.name, Array(state[$0])) })
      )
    }
    try run(0)
    var (covariance, before) = try snapshot()
    #expect(before["kalman.rejectedSteps"] == [0] && before["optimizer.step"] == [1])
    try run(0, fault: fault)
    var (inflated, after) = try snapshot()
    #expect(after.removeValue(forKey: "kalman.rejectedSteps") == [1])
    #expect(after.removeValue(forKey: "optimizer.step") == [2])
    before.removeValue(forKey: "kalman.rejectedSteps")
    before.removeValue(forKey: "optimizer.step")
    #expect(after == before)
    // Without a measurement P only grows, on its diagonal, by the noise of the process.
    for i in 0..<4 { covariance[5 * i] += 0.1 }
    #expect(largestDifference(inflated, covariance) < 1e-15)
    try run(1)
    let last = try snapshot()
    #expect(last.others["w"] != before["w"])
    let values = last.covariance + last.others.values.joined()
    let areFinite = values.allSatisfy { $0.isFinite }
    #expect(areFinite)
  }

  @Test("a covariance that is not positive is found out before it changes a weight")
  func indefinite() throws {
    let filter = ExtendedKalmanFilter(processNoise: .constant(0))
    let program = Objective(errors: Self.errors(2)).minimized(by: filter).compiled()
    let state = State<Double>(program.variables, seed: 0)
    let p = state[program.variables.first { $0.name == "kalman.covariance" }!]
    for i in 0..<4 { p[5 * i] = -0.2 }
    let before = Array(state[Self.weights])
    let feed = Feed<Double>()
    let (x, y) = Self.data(2)
    feed.set(Self.inputs(2).x, x)
    feed.set(Self.inputs(2).y, y)
    let session = Session(program, state: state, workers: Workers(count: 1))
    try session.run(feed)
    #expect(Array(state[Self.weights]) == before)
    #expect(state[program.variables.first { $0.name == "kalman.rejectedSteps" }!][0] == 1)
  }

  /// Labels that repeat drive the covariance along their directions far below the rest.
  @Test("Float keeps the covariance positive where Double does")
  func positivity() throws {
    let n = 24
    let weights = Variable("w", [n], initializer: .constant(0))
    let rows = Symbol.placeholder("X", [2, .fixed(n)])
    let references = Symbol.placeholder("y", [2])
    let errors =
      rows.matmul(weights.symbol.reshaped([.fixed(n), 1])).flattened() - references
    let filter = ExtendedKalmanFilter(processNoise: .constant(0), epsilon: 0.01)
    let step = Objective(errors: errors).minimized(by: filter)
    let outputs = [filter.covariance(of: ParameterVector([weights])).symmetricEigenvalues()]
    func smallest<S: RealScalar>(_: S.Type) throws -> (eigenvalue: Double, rejected: Double) {
      let program = step.compiled()
      let state = State<S>(program.variables, seed: 0)
      let session = Session(program, state: state, workers: Workers(count: 1))
      var random = RandomStream(seed: 7, stream: 0)
      let few = (0..<8 * n).map { _ in 20 * (2 * random.uniformDouble() - 1) }
      let feed = Feed<S>()
      for _ in 0..<4000 {
        let (a, b) = (random.integer(below: 8), random.integer(below: 8))
        feed.set(rows, few[a * n..<(a + 1) * n] + few[b * n..<(b + 1) * n])
        feed.set(references, [Double(a), Double(b)])
        try session.run(feed)
      }
      let values = Session(Program(outputs), state: state, workers: Workers(count: 1))
      try values.run(Feed())
      return (Double(values.output(0)[0]), session.monitorsOfRejection(step))
    }
    let (double, float) = (try smallest(Double.self), try smallest(Float.self))
    #expect(double.eigenvalue > 0 && double.rejected == 0)
    #expect(float.eigenvalue > 0 && float.rejected == 0, "\(float), \(double)")
  }
}

extension Session {
  /// The monitor that counts rejected steps, the last of a filter's step.
  fileprivate func monitorsOfRejection(_ step: Step) -> Double {
    Double(output(step.monitors.firstIndex { $0.name == "rejectedSteps" }!)[0])
  }
}
