import Atomistic
import Graph
import Layers
import Tensors
import TestSupport
import Testing

@testable import Train

@Suite("Fisher information")
struct FisherTests {
  /// A matrix of random rows whose columns have different lengths.
  static func random(rows: Int, columns: Int) -> LabelJacobian {
    var random = RandomStream(seed: 3)
    return LabelJacobian(
      rows: rows, columns: columns,
      elements: (0..<rows * columns).map { random.normal() / Double(1 + $0 % columns) })
  }

  @Test("both Gram matrices have the same eigenvalues", arguments: [(30, 12), (12, 30), (20, 20)])
  func gram(rows: Int, columns: Int) throws {
    let jacobian = Self.random(rows: rows, columns: columns)
    let spectrum = try FisherSpectrum(of: jacobian)
    var square = [Double](repeating: 0, count: columns * columns)
    for a in 0..<columns {
      for b in 0..<columns {
        for row in 0..<rows {
          square[a * columns + b] +=
            jacobian.elements[row * columns + a] * jacobian.elements[row * columns + b]
        }
      }
    }
    let all = try SymmetricEigensystem(square, size: columns).values.reversed()
    #expect(spectrum.values.count == min(rows, columns) && spectrum.isExact)
    for (found, expected) in zip(spectrum.values, all) {
      #expect(abs(found - expected) < 1e-12 * spectrum.values[0])
    }
  }

  @Test("the density has the trace, the count and the largest value of the exact spectrum")
  func density() throws {
    let jacobian = Self.random(rows: 200, columns: 150)
    let exact = try FisherSpectrum(of: jacobian)
    let density = try FisherSpectrum(of: jacobian, exactSize: 10)
    #expect(!density.isExact)
    #expect(abs(density.counts.reduce(0, +) - 150) < 1e-6)
    #expect(abs(density.values[0] - exact.values[0]) < 1e-9 * exact.values[0])
    func logarithms(_ spectrum: FisherSpectrum, above limit: Double) -> Double {
      zip(spectrum.values, spectrum.counts).reduce(0) { $0 + ($1.0 > limit ? $1.1 : 0) }
    }
    // The number of eigenvalues above one scatters with the random vectors.
    for place in [30, 75, 120] {
      let found = logarithms(density, above: exact.values[place])
      #expect(abs(found - Double(place)) < 25)
    }
  }

  @Test("rows are the derivatives of energies and forces, one kind counting as much as the other")
  func rows() throws {
    let potential = ModelFixtures.network
    let state = State<Double>(potential.variables, seed: 8)
    let model = TrainedModel(potential, state: state)
    var structure = ModelFixtures.crystal
    structure.labels.energy = 1
    structure.labels.forces = structure.positions.map { _ in [0, 0, 0] }
    let jacobian = try LabelJacobian(
      of: model, on: [structure], terms: [LossTerm(.energy, weight: 4), LossTerm(.force)],
      labels: 1000, seed: 1, workers: Workers(count: 1))
    let labels = 1 + 3 * structure.count
    #expect(jacobian.rows == labels && jacobian.columns == model.parameters.count)
    let step = 1e-5
    for weight in stride(from: 0, to: jacobian.columns, by: 17) {
      func values(_ change: Double) throws -> [Double] {
        var weights = model.parameters
        weights[weight] += change
        let labels = try TrainedModel(potential, parameters: weights)
          .calculator(Double.self)(structure)
        return [labels.energy ?? 0] + (labels.forces ?? []).flatMap { [$0.x, $0.y, $0.z] }
      }
      let (above, below) = (try values(step), try values(-step))
      for label in 0..<labels {
        let slope = (above[label] - below[label]) / (2 * step)
        // c = 4 and one energy; 15 forces; two kinds.
        let factor = label == 0 ? (4.0 / 2).squareRoot() : (1.0 / (2 * 15)).squareRoot()
        let found = jacobian.elements[label * jacobian.columns + weight]
        #expect(abs(found - factor * slope) < 1e-7 * max(1, abs(slope)))
      }
    }
  }

  @Test("weights are counted once each, and first weights are at no distance")
  func weights() {
    let potential = ModelFixtures.network
    let model = TrainedModel(
      potential, state: State<Double>(potential.variables, seed: 8), seed: 8)
    let distribution = WeightDistribution(of: model)
    #expect(distribution.counts.reduce(0, +) == model.parameters.count)
    #expect(distribution.distance == 0 && distribution.norm > 0)
    let moved = TrainedModel(potential, parameters: model.parameters.map { $0 + 1 }, seed: 8)
    let distance = WeightDistribution(of: moved).distance ?? 0
    #expect(abs(distance - Double(model.parameters.count).squareRoot()) < 1e-9)
  }
}
