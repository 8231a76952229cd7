import Graph
import Layers
import Tensors
import TestSupport
import Testing

@testable import Train

@Suite("The Kronecker covariance")
struct KroneckerLaws {
  private static let w = Variable("layer.weights", [3, 2], initializer: .constant(0.1))
  private static let bias = Variable("layer.bias", [2], initializer: .constant(0))
  private static let rows = Symbol.placeholder("H", ["labels", 8])
  private static let objective: Objective = {
    let all = Symbol.concatenating([w, bias].map { $0.symbol.flattened() }, axis: 0)
    return Objective(
      errors: rows.matmul(all.reshaped([8, 1])).flattened() - 1, parameters: [w, bias])
  }()

  private func filter(_ form: CovarianceForm) -> ExtendedKalmanFilter {
    ExtendedKalmanFilter(processNoise: .constant(0), epsilon: 0.1, covariance: form)
  }

  /// The state after steps with the given rows of the Jacobian, each list a step.
  private func state(_ form: CovarianceForm, _ steps: [[Double]]) throws -> State<Double> {
    let program = Self.objective.minimized(by: filter(form)).compiled()
    let state = State<Double>(program.variables, seed: 1)
    let session = Session(program, state: state, workers: Workers(count: 1))
    for step in steps {
      let feed = Feed<Double>()
      feed[axis: "labels"] = step.count / 8
      feed.set(Self.rows, step)
      try session.run(feed)
    }
    return state
  }

  private func random(_ count: Int) -> [Double] {
    var random = RandomStream(seed: 21, stream: UInt64(count))
    return (0..<count).map { _ in 2 * random.uniformDouble() - 1 }
  }

  @Test("a first step is that of the full filter, for a single outer product and for any rows")
  func firstStep() throws {
    let (a, g) = ([0.3, -1, 0.8, 1], [0.7, -0.2])
    let outer = a.flatMap { a in g.map { a * $0 } }
    for step in [outer, random(24)] {
      let (found, full) = (try state(.kronecker, [step]), try state(.full, [step]))
      for variable in [Self.w, Self.bias] {
        #expect(largestDifference(Array(found[variable]), Array(full[variable])) < 1e-13)
      }
    }
  }

  @Test("the information of a single outer product is kept exactly")
  func outerProduct() throws {
    let (a, g) = ([0.3, -1, 0.8, 1], [0.7, -0.2])
    let outer = a.flatMap { a in g.map { a * $0 } }
    let state = try state(.kronecker, [outer, outer])
    let means = ["inputMean", "outputMean"].map { name in
      Array(state[state.variables.first { $0.name.hasSuffix(name) }!])
    }
    for i in 0..<8 {
      for j in 0..<8 {
        let product = means[0][i / 2 * 4 + j / 2] * means[1][i % 2 * 2 + j % 2]
        #expect(abs(product - outer[i] * outer[j]) < 1e-12)
      }
    }
  }

  @Test("its innovation is J (S_a ⊗ S_g) Jᵀ")
  func innovation() throws {
    let steps = [random(8), random(24), random(80), random(16)]
    let state = try state(.kronecker, steps)
    func factor(_ name: String) -> [Double] {
      Array(state[state.variables.first { $0.name.hasSuffix(name) }!])
    }
    let (sa, sg, j) = (factor("inputFactor"), factor("outputFactor"), random(40))
    let parts = filter(.kronecker).covariance.blocks(
      of: Self.objective.parameters, CovarianceStart(epsilon: 0.1, forgets: false))
    try #require(parts.count == 1)
    let product = parts[0].covariance.product(Self.rows)
    let program = Program([
      product.matmul(Self.rows, otherTransposed: true),
      filter(.kronecker).covariance(of: Self.objective.parameters),
    ])
    let session = Session(program, state: state, workers: Workers(count: 1))
    let feed = Feed<Double>()
    feed[axis: "labels"] = 5
    feed.set(Self.rows, j)
    try session.run(feed)
    var dense = [Double](repeating: 0, count: 64)
    for a in 0..<8 {
      for b in 0..<8 { dense[8 * a + b] = sa[a / 2 * 4 + b / 2] * sg[a % 2 * 2 + b % 2] }
    }
    #expect(largestDifference(session.output(1), dense) < 1e-12)
    var expected = [Double](repeating: 0, count: 25)
    for s in 0..<5 {
      for t in 0..<5 {
        for a in 0..<8 {
          for b in 0..<8 { expected[5 * s + t] += j[8 * s + a] * dense[8 * a + b] * j[8 * t + b] }
        }
      }
    }
    #expect(largestDifference(session.output(0), expected) < 1e-10)
    #expect(expected[0] > 1e-3)
  }

  @Test("its memory stays below 60 numbers for each weight of the paper's network")
  func memory() {
    let variables = [(30, "O"), (27, "H")].flatMap {
      Perceptron($0.1, sizes: [$0.0, 25, 25, 1]).variables
    }
    let parameters = ParameterVector(variables)
    let blocks = CovarianceForm.kronecker.blocks(
      of: parameters, CovarianceStart(epsilon: 0.01, forgets: false))
    let numbers = blocks.flatMap(\.covariance.variables).reduce(0) { $0 + $1.count }
    #expect(parameters.count == 2827 && numbers < 60 * 2827)
  }
}
