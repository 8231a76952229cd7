import Graph
import Tensors
import TestSupport
import Testing
import Train

@Suite("Optimizers of matrices: Muon and SOAP")
struct MatrixOptimizerLaws {
  private static let matrix = Variable("layer.weights", [3, 5], initializer: .xavierUniform)
  private static let tall = Variable("next.weights", [5, 2], initializer: .xavierUniform)
  private static let bias = Variable(
    "layer.bias", [5], initializer: .values([0.1, 0, -0.2, 0.3, 0]))

  /// The errors of a small network on eight points.
  private static var errors: Symbol {
    var random = RandomStream(seed: 4, stream: 0)
    let x = Symbol.constant(
      Tensor(.float64((0..<24).map { _ in 2 * random.uniformDouble() - 1 }), shape: [8, 3]))
    let hidden = (x.matmul(matrix.symbol) + bias.symbol.broadcast(to: [8, 5], axes: [1])).tanh()
    return hidden.matmul(tall.symbol).flattened() - 0.5
  }

  private static var objective: Objective {
    Objective(errors: errors, parameters: [matrix, tall, bias])
  }

  /// The state after some steps, and the weights after each.
  private func run(
    _ optimizer: any Optimizer, steps: Int
  ) throws -> (state: State<Double>, trace: [[Double]]) {
    let program = Self.objective.minimized(by: optimizer).compiled()
    let state = State<Double>(program.variables, seed: 3)
    let session = Session(program, state: state, workers: Workers(count: 1))
    let trace = try (0..<steps).map { _ in
      try session.run(Feed())
      return Self.weights(state)
    }
    return (state, trace)
  }

  private static func weights(_ state: State<Double>) -> [Double] {
    Array(state[matrix]) + Array(state[tall]) + Array(state[bias])
  }

  private static let start = weights(State<Double>([matrix, tall, bias], seed: 3))

  @Test(
    "Muon's change of a matrix has singular values near its learning rate, the others are Adam's")
  func muon() throws {
    let adam = Adam(learningRate: .constant(0.01))
    let muon = Muon(learningRate: .constant(0.1), adam: adam)
    let found = try run(muon, steps: 1).trace[0]
    let change = zip(Self.start, found).map { $0 - $1 }
    func singularValues(_ elements: ArraySlice<Double>, _ rows: Int, _ columns: Int) throws
      -> [Double]
    {
      try LeastSquares(
        Array(elements), rows: rows, columns: columns,
        rightHandSides: [Double](repeating: 0, count: rows)
      ).singularValues
    }
    let wide = try singularValues(change[..<15], 3, 5)
    let tall = try singularValues(change[15..<25], 5, 2)
    // The iteration leaves them between 0.7 and 1.2; a matrix with more columns than rows is scaled.
    let scale = (5.0 / 3).squareRoot()
    #expect(
      wide.count == 3 && wide.allSatisfy { (0.06 * scale...0.13 * scale).contains($0) }, "\(wide)")
    #expect(tall.count == 2 && tall.allSatisfy { (0.06...0.13).contains($0) }, "\(tall)")
    let plain = try run(adam, steps: 1).trace[0]
    #expect(Array(found[25...]) == Array(plain[25...]))
  }

  @Test("SOAP with unit matrices as bases is Adam")
  func unitBases() throws {
    let adam = Adam(
      learningRate: .constant(0.01), firstDecay: 0.95, secondDecay: 0.95, clipNorm: .together(1))
    let soap = SOAP(adam, turnEvery: 21)
    let (found, expected) = (try run(soap, steps: 22).trace, try run(adam, steps: 22).trace)
    #expect(largestDifference(found[..<21].joined(), expected[..<21].joined()) < 1e-13)
    // The bases have turned with step 21.
    #expect(largestDifference(found[21], expected[21]) > 1e-4)
  }

  @Test("SOAP's bases are orthogonal and turn to the eigenvectors of the factors")
  func bases() throws {
    // Small steps: the factors hardly change.
    let soap = SOAP(Adam(learningRate: .constant(1e-6)), factorDecay: 0.5, turnEvery: 2)
    let state = try run(soap, steps: 400).state
    for (variable, side, n) in [
      (Self.matrix, "left", 3), (Self.matrix, "right", 5), (Self.tall, "left", 5),
      (Self.tall, "right", 2),
    ] {
      func square(_ suffix: String) -> [Double] {
        let name = "soap.\(variable.name).\(side)\(suffix)"
        return Array(state[state.variables.first { $0.name == name }!])
      }
      func product(_ a: [Double], _ isTransposed: Bool, _ b: [Double]) -> [Double] {
        var c = [Double](repeating: 0, count: n * n)
        Double.multiply(
          a, transposed: isTransposed, leading: n, b, transposed: false, leading: n, into: &c,
          leading: n, rows: n, columns: n, inner: n, alpha: 1, beta: 0)
        return c
      }
      let (basis, factor) = (square("Basis"), square("Factor"))
      let identity = (0..<n * n).map { $0 % (n + 1) == 0 ? 1.0 : 0 }
      #expect(largestDifference(product(basis, true, basis), identity) < 1e-12)
      let turned = product(basis, true, product(factor, false, basis))
      let largest = turned.map(abs).max() ?? 0
      for row in 0..<n {
        for column in 0..<row {
          #expect(abs(turned[row * n + column]) < 1e-6 * largest, "\(variable.name) \(side)")
        }
      }
    }
  }
}
