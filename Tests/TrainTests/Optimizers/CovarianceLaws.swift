import Atomistic
import Foundation
import Graph
import Layers
import Tensors
import TestSupport
import Testing

@testable import Train

/// A network of two inputs and the errors of its sums, with a fixed order of its 13 weights.
private struct SmallNetwork {
  static let x = Symbol.placeholder("x", ["rows", 2])
  static let y = Symbol.placeholder("y", ["rows"])
  static let network = Perceptron("net", sizes: [2, 3, 1])
  static let variables = network.variables
  static let objective = Objective(
    errors: network(x).reshaped(["rows"]) - y, parameters: variables)

  /// Which block each weight belongs to: hidden weights [2, 3] and biases [3], output [3, 1] and [1].
  static let blocks: [(form: CovarianceForm, block: [Int])] = [
    (.full, Array(repeating: 0, count: 13)),
    (.element, Array(repeating: 0, count: 13)),
    (.layer, Array(repeating: 0, count: 9) + Array(repeating: 1, count: 4)),
    (.node, [0, 1, 2, 0, 1, 2, 0, 1, 2, 3, 3, 3, 3]),
    (.diagonal, Array(0..<13)),
    (.blocks(of: 4), [0, 0, 0, 0, 1, 1, 2, 2, 2, 3, 3, 3, 3]),
  ]

  static func feed<S: RealScalar>(_ step: Int, rows: Int, _: S.Type) -> Feed<S> {
    var random = RandomStream(seed: 11, stream: UInt64(step))
    let feed = Feed<S>()
    feed[axis: "rows"] = rows
    feed.set(x, (0..<2 * rows).map { _ in 2 * random.uniformDouble() - 1 })
    feed.set(y, (0..<rows).map { _ in random.uniformDouble() })
    return feed
  }

  /// The weights after steps of a filter, and its covariance.
  static func run<S: RealScalar>(
    _ filter: ExtendedKalmanFilter, steps: Int, rows: Int, _: S.Type
  ) throws -> (weights: [S], covariance: [Double]) {
    let program = objective.minimized(by: filter).compiled()
    let state = State<S>(program.variables, seed: 2)
    let session = Session(program, state: state, workers: Workers(count: 1))
    for step in 0..<steps { try session.run(feed(step, rows: rows, S.self)) }
    let values = Session(
      Program([filter.covariance(of: objective.parameters)]), state: state,
      workers: Workers(count: 1))
    try values.run(Feed())
    return (variables.flatMap { Array(state[$0]) }, values.tensor(0).doubles)
  }
}

@Suite("The forms of a covariance")
struct CovarianceLaws {
  @Test("one block of all weights is the full filter to the last bit", arguments: [1, 7])
  func oneBlock(rows: Int) throws {
    let full = try SmallNetwork.run(
      ExtendedKalmanFilter(), steps: 60, rows: rows, Float.self)
    for form in [CovarianceForm.blocks(of: 13), .element] {
      for innovation in ExtendedKalmanFilter.Innovation.allCases {
        let found = try SmallNetwork.run(
          ExtendedKalmanFilter(covariance: form, innovation: innovation), steps: 60, rows: rows,
          Float.self)
        #expect(found.weights == full.weights && found.covariance == full.covariance)
      }
    }
  }

  /// `X = J P`, `A = X Jᵀ + R`, `w -= Xᵀ A⁻¹ ξ`, `P -= Xᵀ A⁻¹ X` within blocks, in plain loops.
  @Test(
    "each partition is the filter of a P that is zero outside of its blocks",
    arguments: SmallNetwork.blocks.indices)
  func partitions(number: Int) throws {
    let (form, block) = SmallNetwork.blocks[number]
    let (n, m, epsilon, q, lambda) = (13, 3, 0.1, 1e-3, 0.9)
    let filter = ExtendedKalmanFilter(
      measurementNoise: .fading(initial: lambda, nu: 1), processNoise: .constant(q),
      epsilon: epsilon, covariance: form)
    let found = try SmallNetwork.run(filter, steps: 30, rows: m, Double.self)
    let objective = SmallNetwork.objective
    let program = Program([objective.errors, objective.jacobian])
    let state = State<Double>(SmallNetwork.variables, seed: 2)
    let session = Session(program, state: state, workers: Workers(count: 1))
    var p = [Double](repeating: 0, count: n * n)
    for i in 0..<n { p[i * n + i] = 1 / epsilon }
    for step in 0..<30 {
      try session.run(SmallNetwork.feed(step, rows: m, Double.self))
      let (xi, j) = (Array(session.output(0)), Array(session.output(1)))
      var x = [Double](repeating: 0, count: m * n)
      for s in 0..<m {
        for a in 0..<n { for b in 0..<n { x[s * n + a] += j[s * n + b] * p[b * n + a] } }
      }
      var innovation = [Double](repeating: 0, count: m * m)
      for s in 0..<m {
        for t in 0..<m {
          innovation[s * m + t] = s == t ? lambda : 0
          for a in 0..<n { innovation[s * m + t] += x[s * n + a] * j[t * n + a] }
        }
      }
      let system = try SymmetricEigensystem(innovation, size: m)
      var inverse = [Double](repeating: 0, count: m * m)
      for k in 0..<m {
        for s in 0..<m {
          for t in 0..<m {
            inverse[s * m + t] +=
              system.vectors[k * m + s] * system.vectors[k * m + t] / system.values[k]
          }
        }
      }
      var change = [Double](repeating: 0, count: n)
      for s in 0..<m {
        for t in 0..<m {
          for a in 0..<n {
            change[a] += x[s * n + a] * inverse[s * m + t] * xi[t]
            for b in 0..<n where block[a] == block[b] {
              p[a * n + b] -= x[s * n + a] * inverse[s * m + t] * x[t * n + b]
            }
          }
        }
      }
      for i in p.indices { p[i] /= lambda }
      for i in 0..<n { p[i * n + i] += q }
      var place = 0
      for variable in SmallNetwork.variables {
        let values = state[variable]
        for i in values.indices { values[i] -= change[place + i] }
        place += variable.count
      }
    }
    let expected = SmallNetwork.variables.flatMap { Array(state[$0]) }
    #expect(largestDifference(found.weights, expected) < 1e-10)
    #expect(largestDifference(found.covariance, p) < 1e-10)
  }

  /// Two linear models `X₁ w₁ - y₁` and `X₂ w₂ - y₂` that have no error in common.
  @Test("where no error has weights of two blocks, blocks are the full filter")
  func blockDiagonalProblem() throws {
    let models = [("a", 3), ("b", 2)].map { name, count in
      (
        Variable("\(name).w", [count, 1], initializer: .xavierUniform),
        Symbol.placeholder("\(name).x", [2, .fixed(count)])
      )
    }
    let errors = Symbol.concatenating(
      models.map { $1.matmul($0.symbol).flattened() - 1 }, axis: 0)
    func weights(_ form: CovarianceForm) throws -> [Double] {
      let program = Objective(errors: errors)
        .minimized(by: ExtendedKalmanFilter(covariance: form)).compiled()
      let state = State<Double>(program.variables, seed: 4)
      let session = Session(program, state: state, workers: Workers(count: 1))
      var random = RandomStream(seed: 8, stream: 0)
      for _ in 0..<40 {
        let feed = Feed<Double>()
        for (variable, x) in models {
          feed.set(x, (0..<2 * variable.count).map { _ in random.uniformDouble() })
        }
        try session.run(feed)
      }
      return models.flatMap { Array(state[$0.0]) }
    }
    let full = try weights(.full)
    for form in [CovarianceForm.element, .layer, .blocks(of: 3)] {
      #expect(largestDifference(try weights(form), full) < 1e-12)
    }
  }

  @Test("label by label is all labels at once for the full P of a linear model, and not for blocks")
  func labelByLabel() throws {
    let first = Variable("a.w", [3, 1], initializer: .xavierUniform)
    let second = Variable("b.w", [2, 1], initializer: .xavierUniform)
    let x = Symbol.placeholder("x", ["rows", 5])
    let w = Symbol.concatenating([first.symbol, second.symbol], axis: 0)
    let objective = Objective(
      errors: x.matmul(w).flattened() - 1, parameters: [first, second])
    func weights(_ form: CovarianceForm, rows: Int) throws -> [Double] {
      let filter = ExtendedKalmanFilter(
        processNoise: .constant(0), epsilon: 0.1, covariance: form)
      let program = objective.minimized(by: filter).compiled()
      let state = State<Double>(program.variables, seed: 4)
      let session = Session(program, state: state, workers: Workers(count: 1))
      var random = RandomStream(seed: 9, stream: 0)
      for _ in 0..<12 / rows {
        let feed = Feed<Double>()
        feed[axis: "rows"] = rows
        feed.set(x, (0..<5 * rows).map { _ in random.uniformDouble() })
        try session.run(feed)
      }
      return Array(state[first]) + Array(state[second])
    }
    #expect(largestDifference(try weights(.full, rows: 1), try weights(.full, rows: 4)) < 1e-12)
    #expect(largestDifference(try weights(.layer, rows: 1), try weights(.layer, rows: 4)) > 1e-4)
  }

  @Test("separate innovations let each block explain the whole error, as RuNNer's filters do")
  func separateInnovations() throws {
    let variables = ["a.w", "b.w"].map { Variable($0, [2, 1], initializer: .constant(0.5)) }
    let x = Symbol.placeholder("x", [1, 4])
    let w = Symbol.concatenating(variables.map(\.symbol), axis: 0)
    let objective = Objective(errors: x.matmul(w).flattened() - 3, parameters: variables)
    let (lambda, epsilon) = (0.98, 0.5)
    let filter = ExtendedKalmanFilter(
      measurementNoise: .fading(initial: lambda, nu: 0.9987), processNoise: .constant(0),
      epsilon: epsilon, covariance: .layer, innovation: .separate)
    let program = objective.minimized(by: filter).compiled()
    let state = State<Double>(program.variables, seed: 4)
    let session = Session(program, state: state, workers: Workers(count: 1))
    let feed = Feed<Double>()
    let row = [0.3, -1.2, 0.7, 0.4]
    feed.set(x, row)
    try session.run(feed)
    let error = row.reduce(-3) { $0 + 0.5 * $1 }
    for (number, variable) in variables.enumerated() {
      let h = Array(row[2 * number..<2 * number + 2])
      let innovation = lambda + h.reduce(0) { $0 + $1 * $1 } / epsilon
      let expected = h.map { 0.5 - error * $0 / epsilon / innovation }
      #expect(largestDifference(Array(state[variable]), expected) < 1e-14)
    }
  }

  @Test("a large variable is split and small ones are gathered, as RLEKF does")
  func runs() {
    func sizes(_ counts: [Int], _ size: Int) -> [Int] {
      let variables = counts.enumerated().map {
        Variable("v\($0)", [$1], initializer: .constant(0))
      }
      return ParameterVector(variables).runs(of: size).map(\.count)
    }
    #expect(sizes([3, 4, 10, 2, 2], 5) == [3, 4, 5, 5, 4])
    #expect(sizes([12], 5) == [5, 5, 2])
    #expect(sizes([1, 2, 3], 6) == [6])
    #expect(sizes([5, 5], 5) == [5, 5])
    #expect(sizes([2, 2], 1) == [1, 1, 1, 1])
  }

  @Test(
    "networks whose outputs only add up are blocks of their own, and layers with names alike are not"
  )
  func networks() {
    let (x, y) = (Symbol.placeholder("x", ["a", 2]), Symbol.placeholder("y", ["b", 2]))
    let networks = ["H", "O"].map { Perceptron($0, sizes: [2, 3, 1]) }
    let sums = [networks[0](x).sum(), networks[1](y).sum()]
    let variables = networks.flatMap(\.variables)
    func counts(_ error: Symbol) -> [Int] {
      Objective(errors: error.reshaped([1]), parameters: variables).parameters.networks.map(\.count)
    }
    #expect(counts(2 * (sums[0] + sums[1]) - 1) == [13, 13])
    #expect(counts((sums[0] + sums[1]).tanh()) == [26])
    let slope = gradient(of: sums[0], by: x).sum() + gradient(of: sums[1], by: y).sum()
    #expect(counts(slope) == [13, 13])
  }

  @Test("a configuration chooses a form by its name or its size")
  func configuration() throws {
    func decode(_ text: String) throws -> CovarianceForm {
      try StrictJSON(Data("{ekf: {covariance: \(text)}}".utf8), source: "c")
        .decode([String: ExtendedKalmanFilter].self)["ekf"]!.covariance
    }
    for form in CovarianceForm.standard { #expect(try decode("\"\(form.name)\"") == form) }
    #expect(try decode("{blocks: 7}") == .blocks(of: 7))
    for (text, words) in [
      ("\"layr\"", "did you mean \"layer\"?"), ("\"everything\"", "or { blocks: 5120 }."),
      ("{blocks: 0}", "it must be larger than 0"), ("{block: 5}", "did you mean 'blocks'?"),
    ] {
      let error = #expect(throws: ConfigurationError.self) { try decode(text) }
      #expect(error?.description.contains(words) == true, "\(String(describing: error))")
    }
  }
}
