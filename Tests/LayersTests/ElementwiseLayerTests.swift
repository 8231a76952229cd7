import Foundation
import Graph
import Layers
import TestSupport
import Testing

@Suite("Activations and cutoffs as graphs")
struct ElementwiseLayerTests {
  static let step = 1e-5

  static func value(_ activation: Activation, _ x: Double) -> Double {
    switch activation {
    case .identity: x
    case .tanh: Foundation.tanh(x)
    case .logistic: 1 / (1 + exp(-x))
    case .softplus: log(1 + exp(x))
    case .rectifier: max(0, x)
    case .gaussian: exp(-x * x / 2)
    case .cosine: cos(x)
    case .reverseLogistic: 1 - 1 / (1 + exp(-x))
    case .exponential: exp(-x)
    case .harmonic: x * x
    case .silu: x / (1 + exp(-x))
    case .gelu: x * erfc(-x / 2.0.squareRoot()) / 2
    case .elu: x > 0 ? x : exp(x) - 1
    case .leakyRectifier: x > 0 ? x : x / 100
    case .shiftedSoftplus: log((1 + exp(x)) / 2)
    default: .nan
    }
  }

  @Test("activations have the documented values and derivatives", arguments: Activation.allCases)
  func activation(_ activation: Activation) throws {
    let x = [-2.3, -0.7, 0.31, 1.9]
    try check({ activation($0) }, { Self.value(activation, $0) }, at: x)
  }

  @Test("cutoffs are the oracle's", arguments: CutoffFunction.allCases, [0, 0.4])
  func cutoff(function: CutoffFunction, inner: Double) throws {
    let cutoff = Cutoff(function, radius: 5, innerFraction: inner)
    let r = [0.7, 1.3, 2.6, 3.9, 4.7, 5.3, 8]
    try check({ cutoff($0) }, { SymmetryFunctionOracle.window(cutoff, $0).value }, at: r)
    let atEnd = try derivatives({ cutoff($0) }, at: [5, 5.1, 40])
    #expect(atEnd.value == [0, 0, 0])
    #expect(atEnd.first == [0, 0, 0])
    #expect(atEnd.second == [0, 0, 0])
  }

  private func check(
    _ graph: (Symbol) -> Symbol, _ expected: (Double) -> Double, at x: [Double]
  ) throws {
    let found = try derivatives(graph, at: x)
    let h = Self.step
    let above = try derivatives(graph, at: x.map { $0 + h })
    let below = try derivatives(graph, at: x.map { $0 - h })
    func slopes(_ above: [Double], _ below: [Double]) -> [Double] {
      zip(above, below).map { ($0 - $1) / (2 * h) }
    }
    #expect(largestDifference(found.value, x.map(expected)) < 1e-13)
    let first = slopes(x.map { expected($0 + h) }, x.map { expected($0 - h) })
    #expect(largestDifference(found.first, first) < 1e-8)
    #expect(largestDifference(found.second, slopes(above.first, below.first)) < 1e-8)
  }
}
