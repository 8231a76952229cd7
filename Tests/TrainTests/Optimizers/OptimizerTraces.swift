import Foundation
import Graph
import Tensors
import TestSupport
import Testing
import Train

/// The network and data that TensorFlow, PiNN and this library were given alike.
private struct Exercise {
  let file: ReferenceFile
  let weights: [Variable]
  let errors: Symbol
  private let inputs: (x: Symbol, y: Symbol)
  let feed = Feed<Double>()

  /// Errors `(prediction - y) / √m` of a batch of m points.
  init(_ name: String, batch m: Int) throws {
    file = try ReferenceFile(name)
    let initial = file["initial"]
    weights = ["W1", "b1", "W2", "b2"].map {
      Variable($0, initial[$0].tensor.shape, initializer: .values(initial[$0].tensor.doubles))
    }
    let x = Symbol.placeholder("x", [.fixed(m), 3])
    let y = Symbol.placeholder("y", [.fixed(m)])
    inputs = (x, y)
    let symbols = weights.map(\.symbol)
    let hidden = (x.matmul(symbols[0]) + symbols[1].broadcast(to: [.fixed(m), 5], axes: [1])).tanh()
    let output = hidden.matmul(symbols[2]) + symbols[3].broadcast(to: [.fixed(m), 1], axes: [1])
    errors = (output.reshaped([.fixed(m)]) - y) / Double(m).squareRoot()
  }

  /// The weights after each step of an optimizer on the given batches of row numbers.
  func weights(after batches: Tensor, by optimizer: some Optimizer) throws -> (
    trace: [Double], state: State<Double>
  ) {
    let step = Objective(errors: errors, parameters: weights).minimized(by: optimizer)
    let program = step.compiled()
    let state = State<Double>(program.variables, seed: 0)
    let session = Session(program, state: state, workers: Workers(count: 2))
    let (x, y) = (file["x"].tensor.doubles, file["y"].tensor.doubles)
    let rows = batches.doubles.map { Int($0) }
    let m = batches.shape[1]
    var trace: [Double] = []
    for step in 0..<batches.shape[0] {
      let batch = rows[step * m..<(step + 1) * m]
      feed.set(inputs.x, batch.flatMap { x[$0 * 3..<$0 * 3 + 3] })
      feed.set(inputs.y, batch.map { y[$0] })
      try session.run(feed)
      for variable in weights { trace += state[variable] }
    }
    return (trace, state)
  }
}

@Suite(
  "Optimizers repeat the steps of other programs",
  .enabled(if: ReferenceFile.areAvailable, "needs shared/reference"))
struct OptimizerTraces {
  @Test(
    "Adam equals TensorFlow's",
    arguments: [
      ("plain", nil, false), ("global_clipnorm_0.01", 0.01, false),
      ("exponential_decay", nil, true),
      ("global_clipnorm_0.01_and_exponential_decay", 0.01, true),
    ] as [(String, Double?, Bool)])
  func adam(run: String, clipNorm: Double?, decays: Bool) throws {
    let exercise = try Exercise("optimizers_adam.json", batch: 3)
    let rate: ValueSchedule =
      decays ? .exponential(initial: 0.01, factor: 0.9, every: 20) : .constant(0.01)
    let expected = exercise.file["runs"][run]
    let found = try exercise.weights(
      after: exercise.file["batches"].tensor,
      by: Adam(learningRate: rate, clipNorm: clipNorm.map { .together($0) }))
    #expect(largestDifference(found.trace, expected["weights"].tensor.doubles) < 1e-12)
    let m = Variable("adam.firstMoment", [26], initializer: .constant(0), isTrainable: false)
    #expect(largestDifference(found.state[m], expected["m_after_50"].tensor.doubles) < 1e-12)
  }

  /// The schedules of a run of PiNN's filters: learning rate and process noise.
  private func schedules(_ settings: ReferenceFile) -> (rate: ValueSchedule, noise: ValueSchedule) {
    let initial = settings["learning_rate"].double
    let rate: ValueSchedule =
      settings.has("schedule")
      ? .exponential(initial: initial, factor: 0.9, every: 100, maximum: 1) : .constant(initial)
    let noise: ValueSchedule =
      settings["q_0"].double == 0
      ? .constant(0)
      : .exponential(
        initial: settings["q_0"].double, factor: exp(-1),
        every: settings["q_tau"].double, minimum: settings["q_min"].double)
    return (rate, noise)
  }

  private func checkCovariance(
    _ covariance: Symbol, _ state: State<Double>, _ expected: ReferenceFile
  ) throws {
    let session = Session(Program([covariance]), state: state, workers: Workers(count: 1))
    try session.run(Feed())
    let stored = expected["P"]["50"].tensor.doubles
    #expect(largestDifference(session.output(0), stored) < 1e-10)
  }

  @Test(
    "the extended Kalman filter equals PiNN's",
    arguments: [
      "EKF_m3_constant", "EKF_m3_decay_and_noise", "EKF_m1_constant", "EKF_m1_decay_and_noise",
    ])
  func extendedKalman(run: String) throws {
    let expected = try ReferenceFile("optimizers_ekf.json")["runs"][run]
    let settings = expected["settings"]
    let exercise = try Exercise("optimizers_ekf.json", batch: settings["m"].int)
    let (rate, noise) = schedules(settings)
    let filter = ExtendedKalmanFilter(
      measurementNoise: .learningRate(rate), processNoise: noise,
      epsilon: settings["epsilon"].double)
    let found = try exercise.weights(after: expected["batches"].tensor, by: filter)
    #expect(largestDifference(found.trace, expected["weights"].tensor.doubles) < 1e-11)
    try checkCovariance(
      filter.covariance(of: ParameterVector(exercise.weights)), found.state, expected)
  }

  @Test(
    "the gradient Kalman filter equals PiNN's",
    arguments: [
      "gEKF_m3_constant", "gEKF_m3_decay_and_noise", "gEKF_m1_constant", "gEKF_m1_decay_and_noise",
    ])
  func gradientKalman(run: String) throws {
    let expected = try ReferenceFile("optimizers_ekf.json")["runs"][run]
    let settings = expected["settings"]
    let exercise = try Exercise("optimizers_ekf.json", batch: settings["m"].int)
    let (rate, noise) = schedules(settings)
    let filter = GradientKalmanFilter(
      learningRate: rate, processNoise: noise, epsilon: settings["epsilon"].double)
    let found = try exercise.weights(after: expected["batches"].tensor, by: filter)
    #expect(largestDifference(found.trace, expected["weights"].tensor.doubles) < 1e-11)
    try checkCovariance(
      filter.covariance(of: ParameterVector(exercise.weights)), found.state, expected)
  }
}

@Suite(
  "n2p2's optimizers are configurations of ours",
  .enabled(if: ReferenceFile.areAvailable, "needs shared/reference"))
struct N2P2OptimizerTraces {
  /// Errors whose value and Jacobian are what the file says, whatever the weights: linear in the
  /// weights, with the value taken away.
  private func trace(_ run: ReferenceFile, by optimizer: some Optimizer) throws -> Double {
    let steps = run["steps"].list
    let initial = run["w0"].doubles
    let (n, m) = (initial.count, steps[0]["xi"].doubles.count)
    let weights = Variable("w", [n], initializer: .values(initial))
    let rows = Symbol.placeholder("H", [.fixed(m), .fixed(n)])
    let product = rows.matmul(weights.symbol.reshaped([.fixed(n), 1])).flattened()
    let xi = Symbol.placeholder("xi", [.fixed(m)])
    let errors = xi + product - product.detached()
    let program = Objective(errors: errors, parameters: [weights]).minimized(by: optimizer)
      .compiled()
    let state = State<Double>(program.variables, seed: 0)
    let session = Session(program, state: state, workers: Workers(count: 1))
    let feed = Feed<Double>()
    var worst = 0.0
    for step in steps {
      // n2p2's error is label - prediction, and H the gradient of the prediction.
      feed.set(rows, step["H"].doubles)
      feed.set(xi, step["xi"].doubles.map { -$0 })
      try session.run(feed)
      worst = max(worst, largestDifference(state[weights], step["w"].doubles))
    }
    return worst
  }

  @Test("its Kalman filters, standard and fading", arguments: 0..<6)
  func kalman(number: Int) throws {
    let run = try ReferenceFile("optimizers_n2p2.json")["kalman"][number]
    let settings = run["params"]
    let noise: ValueSchedule =
      settings["q0"].double == 0
      ? .constant(0)
      : .exponential(
        initial: settings["q0"].double, factor: exp(-1),
        every: 1 / settings["qtau"].double, minimum: settings["qmin"].double)
    let measurement: ExtendedKalmanFilter.MeasurementNoise =
      run["type"].text == "fading"
      ? .fading(initial: settings["lambda0"].double, nu: settings["nu"].double)
      // n2p2 raises eta before it uses it, and lowers q after.
      : .learningRate(
        .exponential(
          initial: settings["eta0"].double * exp(settings["etatau"].double), factor: exp(1),
          every: 1 / settings["etatau"].double, maximum: settings["etamax"].double))
    let filter = ExtendedKalmanFilter(
      measurementNoise: measurement, processNoise: noise, epsilon: settings["epsilon"].double)
    #expect(try trace(run, by: filter) < 1e-9)
  }

  /// n2p2 takes the gradient of Σ ξ²/2, half of ours, and Adam is scale invariant except for epsilon.
  @Test("its Adam, with twice its epsilon")
  func adam() throws {
    let run = try ReferenceFile("optimizers_n2p2.json")["adam"]
    let optimizer = Adam(
      learningRate: .constant(run["eta"].double), epsilon: 2 * run["epsilon"].double)
    #expect(try trace(run, by: optimizer) < 1e-9)
  }
}
