import Graph
import Layers
import Tensors
import TestSupport
import Testing

/// Weighted functions and those with compact support.
@Suite("Weighted and compact symmetry functions")
struct OtherSymmetryFunctionTests {
  static let startsOfAtoms = Symbol.placeholder("starts", ["atoms + 1"], .index)
  static let elementsOfPairs = Symbol.placeholder("elements", ["pairs"], .index)
  static let atomsOfCenters = Symbol.placeholder("centers", ["centers"], .index)

  static let species = [1, 6, 8]

  /// Functions of every type and shape.
  static let functions: [SymmetryFunction] = {
    let cutoff = Cutoff(.polynomial2, radius: 7)
    var functions: [SymmetryFunction] = [
      .weightedRadial(.init(eta: 0.05, cutoff: cutoff)),
      .weightedRadial(.init(eta: 0.4, shift: 2.5, cutoff: cutoff)),
      .weightedAngular(.init(eta: 0.03, lambda: 1, zeta: 2, cutoff: cutoff)),
      .weightedAngular(.init(eta: 0.02, lambda: -1, zeta: 1.5, shift: 1.2, cutoff: cutoff)),
      .radial(.init(neighbor: 8, eta: 0.1, cutoff: cutoff)),
    ]
    for shape in CompactWindow.Shape.allCases {
      for isAsymmetric in [false, true] where !isAsymmetric || shape != .exponential {
        for (lower, upper) in [(-8.0, 8.0), (1.5, 6.5)] {
          let window = CompactWindow(shape, isAsymmetric: isAsymmetric, from: lower, to: upper)
          functions += [nil, 1].map { .compactRadial(.init(neighbor: $0, window: window)) }
          for (left, right) in [(-90.0, 90.0), (90, 270), (0, 180), (49.1, 169.1)] {
            let neighbors: [CompactAngularSymmetryFunction.Neighbors?] = [
              nil, .init(6, 1), .init(8, 8),
            ]
            for pair in neighbors {
              let function = CompactAngularSymmetryFunction(
                neighbors: pair, window: window, angles: left, right)
              functions += [.compactNarrowAngular(function), .compactWideAngular(function)]
            }
          }
        }
      }
    }
    return functions
  }()

  static let set = SymmetryFunctionSet(functions: functions, species: species)

  @Test("values and derivatives are the oracle's", arguments: [0, 1, 2, 9, 40])
  func oracle(count: Int) {
    let neighbors = SymmetryFunctionEvaluatorTests.neighbors(
      count, seed: UInt64(count), elements: Self.species)
    let found = Evaluation<Double>(Self.set, neighbors)
    for (column, function) in Self.functions.enumerated() {
      let expected = SymmetryFunctionOracle.evaluate(function, neighbors)
      #expect(
        abs(found.values[column] - expected.value) <= 1e-10 * (1 + abs(expected.value)),
        "function \(column) \(function)")
      let scale = 1 + (expected.gradients.flatMap { [abs($0.x), abs($0.y), abs($0.z)] }.max() ?? 0)
      var worst = 0.0
      for (neighbor, gradient) in expected.gradients.enumerated() {
        let own = found.derivative(neighbor, column)
        for axis in 0..<3 { worst = max(worst, abs(own[axis] - gradient[axis])) }
      }
      #expect(worst <= 1e-9 * scale, "function \(column) \(function)")
    }
    for neighbor in 0..<count {
      for axis in 0..<3 {
        var sum = Evaluation<Double>.start
        for (column, weight) in found.weights.enumerated() {
          sum += weight * found.derivative(neighbor, column)[axis]
        }
        #expect(abs(found.gradient[3 * neighbor + axis] - sum) <= 1e-10 * (1 + abs(sum)))
      }
    }
  }

  @Test("single precision agrees with double precision")
  func single() {
    let neighbors = SymmetryFunctionEvaluatorTests.neighbors(40, seed: 3, elements: Self.species)
    let (single, double) = (
      Evaluation<Float>(Self.set, neighbors), Evaluation<Double>(Self.set, neighbors)
    )
    for (mine, theirs) in zip(single.values, double.values) {
      #expect(abs(Double(mine) - theirs) < 5e-5 * (1 + abs(theirs)))
    }
  }

  @Test("neighbours in a line make no trouble")
  func line() {
    let neighbors = [(1.0, 1), (2, 6), (-1.5, 8), (-3, 1)].enumerated().map { atom, entry in
      OracleNeighbor(displacement: [entry.0, 0, 0], element: entry.1, atom: atom)
    }
    let found = Evaluation<Double>(Self.set, neighbors)
    #expect(found.values.allSatisfy(\.isFinite) && found.gradient.allSatisfy(\.isFinite))
  }

  @Test("the fused kernel gives the composition's values and gradients", arguments: [1, 2])
  func composition(workers: Int) throws {
    let (starts, centers, count) = ([0, 7, 9, 9, 14, 19], [0, 2, 4], 19)
    let neighbors = SymmetryFunctionEvaluatorTests.neighbors(
      count, seed: 11, elements: Self.species)
    let functions = SymmetryFunctions(Self.set, indices: SymmetryFunctionIndices("O"))
    let displacements = Symbol.placeholder("displacements", ["pairs", 3])
    let fused = functions(
      displacements, Self.startsOfAtoms, Self.elementsOfPairs, Self.atomsOfCenters)
    let composed = functions.composed(displacements, centers: "centers")
    let feed = Feed<Double>()
    feed[axis: "atoms + 1"] = starts.count
    feed[axis: "pairs"] = count
    feed[axis: "centers"] = centers.count
    feed.set(
      displacements, neighbors.flatMap { own in (0..<3).map { own.displacement[$0] * 0.6 } })
    feed.set(Self.startsOfAtoms, indices: starts)
    feed.set(Self.elementsOfPairs, indices: neighbors.map(\.element))
    feed.set(Self.atomsOfCenters, indices: centers)
    functions.indices.fill(
      feed, for: Self.set, starts: starts, elements: neighbors.map(\.element), centers: centers)
    let symbols = [fused, composed].flatMap { values in
      [values, gradient(of: (values * 0.01).sin().sum(), by: displacements)]
    }
    let found = try values(symbols, feed, workers: workers)
    #expect(found[0].contains { $0 > 0.01 })
    for (mine, theirs) in zip(found[0] + found[1], found[2] + found[3]) {
      #expect(abs(mine - theirs) < 1e-10 * (1 + abs(theirs)))
    }
  }

  @Test("functions sort as n2p2 numbers them")
  func order() {
    func radial(
      _ shape: CompactWindow.Shape, _ asymmetric: Bool, _ neighbor: Int?, _ lower: Double,
      _ upper: Double
    ) -> SymmetryFunction {
      .compactRadial(
        .init(
          neighbor: neighbor,
          window: CompactWindow(shape, isAsymmetric: asymmetric, from: lower, to: upper)))
    }
    let expected = [
      radial(.exponential, false, 1, -9, 9), radial(.polynomial1, true, 1, -9, 9),
      radial(.polynomial2, false, 1, -9, 9), radial(.polynomial2, false, 6, -5, 5),
      radial(.polynomial2, true, 1, -5, 5), radial(.polynomial2, true, 1, -9, 9),
      radial(.polynomial2, true, 1, 0, 9), radial(.polynomial2, true, 1, -10, 10),
      radial(.polynomial1, false, nil, -5, 5),
    ]
    #expect(expected.map(\.typeNumber) == [20, 20, 20, 20, 20, 20, 20, 20, 23])
    #expect(expected.reversed().sorted() == expected)
    let turned = expected[6].scaled(byLength: 2)
    #expect(turned.radius == 18 && turned.cutoff == nil && !turned.isWeighted)
  }
}
