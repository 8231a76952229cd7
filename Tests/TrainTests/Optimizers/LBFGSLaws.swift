import Foundation
import Graph
import Tensors
import TestSupport
import Testing
import Train

/// Counts of SciPy 1.17.1, `minimize(f, x0, jac=True, method="L-BFGS-B", options={"maxcor": 10, "ftol": 0,
/// "gtol": 1e-12})`: iterations until the loss is below 10⁻⁶ of the first one, by a callback.
@Suite("L-BFGS")
struct LBFGSLaws {
  /// A function as a sum of squared errors.
  enum Landscape: Sendable {
    /// `Σ (1 - x_i)² + 100 (x_(i+1) - x_i²)²` of Rosenbrock, from (-1.2, 1, …).
    case rosenbrock(Int)
    /// `Σ s_i² (x_i - 1)²` from 0, the s_i from 1 to a largest one in equal ratios.
    case quadratic(Int, largest: Double)

    var start: [Double] {
      switch self {
      case .rosenbrock(let n): (0..<n).map { $0 % 2 == 0 ? -1.2 : 1 }
      case .quadratic(let n, _): [Double](repeating: 0, count: n)
      }
    }

    func errors(_ x: Symbol) -> Symbol {
      switch self {
      case .rosenbrock(let n):
        let (left, right) = (
          x.slice(0, count: .fixed(n - 1)), x.slice(1, count: .fixed(n - 1))
        )
        return .concatenating([1 - left, 10 * (right - left * left)], axis: 0)
      case .quadratic(let n, let largest):
        let scales = (0..<n).map { pow(largest, Double($0) / Double(n - 1)) }
        return .constant(scales) * (x - 1)
      }
    }
  }

  @Test(
    "takes about as many iterations as SciPy's",
    arguments: [
      (.rosenbrock(2), 33), (.rosenbrock(10), 62), (.quadratic(20, largest: 100), 145),
    ] as [(Landscape, Int)])
  func counts(landscape: Landscape, iterations: Int) throws {
    let start = landscape.start
    let x = Variable("x", [start.count], initializer: .values(start))
    let objective = Objective(errors: landscape.errors(x.symbol))
    let step = objective.minimized(by: LBFGS(pairs: 10))
    let program = step.compiled(fetching: [objective.squaredError])
    let state = State<Double>(program.variables, seed: 1)
    let session = Session(program, state: state, workers: Workers(count: 1))
    var (found, first, trials) = (-1, 0.0, 0)
    var former: [Double] = []
    while trials < 500 {
      try session.run(Feed())
      let loss = session.output(step.monitors.count)[0]
      if trials == 0 { first = loss }
      trials += 1
      if Array(state[x]) != former { found += 1 }
      former = Array(state[x])
      if loss < 1e-6 * first { break }
    }
    let failures = program.variables.first { $0.name == "lbfgs.failedSearches" }!
    #expect(state[failures][0] == 0)
    #expect(
      abs(Double(found - iterations)) <= 0.2 * Double(iterations),
      "\(found) iterations, \(trials) trials")
  }

  @Test("a trial whose loss is no number is shortened, and changes no weight")
  func domain() throws {
    let x = Variable("x", [1], initializer: .values([20]))
    let step = Objective(errors: x.symbol.log()).minimized(by: LBFGS())
    let program = step.compiled()
    let state = State<Double>(program.variables, seed: 1)
    let session = Session(program, state: state, workers: Workers(count: 1))
    let loss = try #require(step.monitors.firstIndex { $0.name == "trialLoss" })
    var faults = 0
    for _ in 0..<100 {
      let before = state[x][0]
      try session.run(Feed())
      guard !session.output(loss)[0].isFinite else { continue }
      faults += 1
      #expect(state[x][0] == before)
    }
    #expect(faults > 0)
    #expect(abs(state[x][0] - 1) < 1e-6, "\(state[x][0])")
  }
}
