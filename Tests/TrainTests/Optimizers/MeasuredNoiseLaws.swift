import Graph
import Tensors
import Testing
import Train

@Suite("The noise of labels is measured")
struct MeasuredNoiseLaws {
  private let x = Symbol.placeholder("x", ["labels", 3])
  private let y = Symbol.placeholder("y", ["labels"])
  private let w = Variable("w", [3, 1], initializer: .constant(0))

  /// One step for labels of a linear model, and the state that it changes.
  private func session(
    _ noise: MeasuredNoise, kind: String, in state: State<Double>? = nil
  ) -> (session: Session<Double>, state: State<Double>, program: Program) {
    let filter = ExtendedKalmanFilter(
      measurementNoise: .measured(noise), processNoise: .constant(0), epsilon: 0.5)
    let errors = x.matmul(w.symbol).flattened() - y
    let step = Objective(
      errors: errors, parameters: ParameterVector([w], trainedOn: [errors]), kind: kind
    ).minimized(by: filter)
    let program = step.compiled()
    let state = state ?? State<Double>(program.variables, seed: 0)
    return (Session(program, state: state, workers: Workers(count: 1)), state, program)
  }

  private func noise(_ state: State<Double>, _ kind: String) throws -> Double {
    let variable = try #require(state.variables.first { $0.name == "kalman.\(kind).noise" })
    return state[variable][0]
  }

  @Test("the estimate is that of dense algebra")
  func estimate() throws {
    let (r, memory) = (0.7, 1e4)
    let rows = [[0.3, -0.5, 0.8], [0.1, 0.9, -0.4]]
    let labels = [1.6, -1.9]
    let (session, state, _) = session(
      MeasuredNoise(initial: r, floor: 1e-9, memory: memory), kind: "a")
    let feed = Feed<Double>()
    feed[axis: "labels"] = 2
    feed.set(x, rows.flatMap(\.self))
    feed.set(y, labels)
    try session.run(feed)

    // P = 2, the errors are -y: by hand for two labels.
    func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    let s = (0..<2).map { i in (0..<2).map { 2 * dot(rows[i], rows[$0]) } }
    let a = [[s[0][0] + r, s[0][1]], [s[1][0], s[1][1] + r]]
    let determinant = a[0][0] * a[1][1] - a[0][1] * a[1][0]
    let inverse = [
      [a[1][1] / determinant, -a[0][1] / determinant],
      [-a[1][0] / determinant, a[0][0] / determinant],
    ]
    let errors = labels.map { -$0 }
    let gain = (0..<2).map { dot(inverse[$0], errors) }
    var estimate = 0.0
    for i in 0..<2 {
      let residual = errors[i] - dot(s[i], gain)
      let left = (0..<2).map { dot(s[i], [inverse[0][$0], inverse[1][$0]]) }
      let uncertainty = s[i][i] - dot(left, [s[0][i], s[1][i]])
      estimate += (residual * residual + uncertainty) / 2
    }
    #expect(abs(try noise(state, "a") - (r + (estimate - r) / memory)) < 1e-12)
  }

  @Test("each kind finds the variance of its own labels")
  func variances() throws {
    let measured = MeasuredNoise(initial: 1)
    let first = session(measured, kind: "a")
    let both = Set(first.program.variables + session(measured, kind: "b").program.variables)
    let state = State<Double>(both.sorted { $0.name < $1.name }, seed: 0)
    let kinds = ["a", "b"].map { session(measured, kind: $0, in: state).session }
    let deviations = [0.05, 0.4]
    var random = RandomStream(seed: 5)
    for step in 0..<6000 {
      let kind = step % 2
      let rows = (0..<4).map { _ in (0..<3).map { _ in random.normal() } }
      let feed = Feed<Double>()
      feed[axis: "labels"] = 4
      feed.set(x, rows.flatMap(\.self))
      feed.set(
        y, rows.map { 0.4 * $0[0] - 0.7 * $0[1] + 1.1 * $0[2] + deviations[kind] * random.normal() }
      )
      try kinds[kind].run(feed)
    }
    for (kind, deviation) in zip(["a", "b"], deviations) {
      let ratio = try noise(state, kind) / (deviation * deviation)
      #expect(0.6 < ratio && ratio < 1.6, "\(kind): \(ratio)")
    }
  }

  @Test("a wild label, which the filter does not expect, leaves the noise as it is")
  func rest() throws {
    let (session, state, _) = session(MeasuredNoise(initial: 0.7), kind: "a")
    let feed = Feed<Double>()
    feed[axis: "labels"] = 1
    feed.set(x, [0.3, -0.5, 0.8])
    feed.set(y, [1000])
    try session.run(feed)
    #expect(try noise(state, "a") == 0.7)
  }
}
