import Graph
import Tensors
import TestSupport
import Testing
import Train

@Suite("Weight decay")
struct WeightDecayTests {
  let first = Variable("layer.weights", [2, 2], initializer: .values([0.3, -1, 2, 0.5]))
  let second = Variable("layer.bias", [2], initializer: .values([0.4, -0.7]))

  let x = Symbol.placeholder("x", ["rows", 2])

  var objective: Objective {
    let y = x.matmul(first.symbol)
    let sums = (y + second.symbol.broadcast(to: y.shape, axes: [1])).tanh().sum(along: 1)
    return Objective(errors: sums)
  }

  private func run(_ outputs: [Symbol], _ state: State<Double>) throws -> [[Double]] {
    let session = Session(Program(outputs), state: state, workers: Workers(count: 1))
    let feed = Feed<Double>()
    feed[axis: "rows"] = 3
    feed.set(x, [0.1, 0.7, -0.4, 0.9, 1.1, -0.3])
    try session.run(feed)
    return outputs.indices.map { Array(session.output($0)) }
  }

  @Test("adds λ|w|² to the loss, 2λw to its gradient and a row for each variable to the Jacobian")
  func loss() throws {
    let decayed = try objective.withWeightDecay(0.25, of: ["*.weights"])
    #expect(decayed.parameters.variables == [first, second])
    let state = State<Double>([first, second], seed: 1)
    let before = try run(
      [
        objective.squaredError, objective.gradient(of: objective.squaredError), objective.jacobian,
      ], state)
    let after = try run(
      [
        decayed.squaredError, decayed.gradient(of: decayed.squaredError), decayed.jacobian,
        jacobian(
          of: decayed.errors, by: decayed.parameters.variables.map(\.symbol), form: .dense),
      ], state)
    let w = [0.3, -1, 2, 0.5]
    let square = w.reduce(0) { $0 + $1 * $1 }
    #expect(abs(after[0][0] - before[0][0] - 0.25 * square) < 1e-13)
    let slope = zip(before[1], w + [0, 0]).map { $0 + 0.5 * $1 }
    #expect(largestDifference(after[1], slope) < 1e-13)
    let row = w.map { 0.5 * $0 / square.squareRoot() } + [0, 0]
    #expect(largestDifference(after[2], before[2] + row) < 1e-13)
    #expect(largestDifference(after[2], after[3]) < 1e-13)
  }

  @Test("shrinks weights that no label holds, with Adam and with the filter alike")
  func training() throws {
    let optimizers: [any Optimizer] = [
      Adam(learningRate: .constant(0.02)), ExtendedKalmanFilter(),
    ]
    for optimizer in optimizers {
      // Only the sum of both elements is determined.
      let w = Variable("w", [2], initializer: .values([3, -1]))
      let errors = (w.symbol.sum() - 1).reshaped([1])
      let decayed = try Objective(errors: errors).withWeightDecay(1e-2)
      let step = decayed.minimized(by: optimizer)
      let program = step.compiled()
      let state = State<Double>(program.variables, seed: 1)
      let session = Session(program, state: state, workers: Workers(count: 1))
      for _ in 0..<2000 { try session.run(Feed<Double>()) }
      // The minimum of (a + b - 1)² + λ (a² + b²) is a = b = 1 / (2 + λ).
      #expect(
        largestDifference(Array(state[w]), [1 / 2.01, 1 / 2.01]) < 0.02,
        "\(optimizer): \(Array(state[w]))")
    }
  }

  @Test("a pattern without a parameter is an error")
  func unknownPattern() {
    #expect(throws: VariablePatternError.self) {
      try objective.withWeightDecay(1, of: ["*.wieghts"])
    }
  }
}
