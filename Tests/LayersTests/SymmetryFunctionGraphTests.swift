import Graph
import Layers
import Tensors
import TestSupport
import Testing

@Suite("Symmetry functions in graphs")
struct SymmetryFunctionGraphTests {
  /// Five atoms of which the first, third and last are centers; the third has no neighbours.
  static let starts = [0, 7, 9, 9, 14, 19]
  static let centers = [0, 2, 4]
  static let startsOfAtoms = Symbol.placeholder("starts", ["atoms + 1"], .index)
  static let elementsOfPairs = Symbol.placeholder("elements", ["pairs"], .index)
  static let atomsOfCenters = Symbol.placeholder("centers", ["centers"], .index)

  let functions: SymmetryFunctions
  let displacements = Symbol.placeholder("displacements", ["pairs", 3])
  let directions = Symbol.placeholder("directions", ["pairs", 3])
  let weights: Symbol
  let fused: Symbol
  let composed: Symbol
  let feed = Feed<Double>()
  let neighbors = SymmetryFunctionEvaluatorTests.neighbors(19, seed: 11, elements: [1, 8, 6])
  let points: [Double]

  init() {
    let set = SymmetryFunctionSet(functions: SymmetryFunctionEvaluatorTests.functions(.polynomial2))
    functions = SymmetryFunctions(set, indices: SymmetryFunctionIndices("O"))
    fused = functions(
      displacements, Self.startsOfAtoms, Self.elementsOfPairs, Self.atomsOfCenters)
    composed = functions.composed(displacements, centers: "centers")
    weights = .placeholder("weights", [.fixed(set.count)])
    points = neighbors.flatMap { neighbor in (0..<3).map { neighbor.displacement[$0] * 0.6 } }
    let elements = neighbors.map(\.element)
    feed[axis: "atoms + 1"] = Self.starts.count
    feed[axis: "pairs"] = 19
    feed[axis: "centers"] = Self.centers.count
    feed.set(displacements, points)
    feed.set(Self.startsOfAtoms, indices: Self.starts)
    feed.set(Self.elementsOfPairs, indices: elements)
    feed.set(Self.atomsOfCenters, indices: Self.centers)
    functions.indices.fill(
      feed, for: set, starts: Self.starts, elements: elements, centers: Self.centers)
    setParameters(feed)
  }

  /// A scalar that is not linear in the functions.
  func energy(_ values: Symbol) -> Symbol { (values * 0.3).sin().sum() + values.square().sum() }

  @Test("the fused kernel gives the composition's values and gradients", arguments: [1, 2])
  func equality(workers: Int) throws {
    let symbols = [fused, composed].flatMap { values in
      [values, gradient(of: energy(values), by: displacements)]
    }
    let found = try values(symbols, feed, workers: workers)
    #expect(found[0].contains { $0 > 0.01 })
    #expect(largestDifference(found[0], found[2]) < 1e-10)
    #expect(largestDifference(found[1], found[3]) < 1e-10)
    #expect(found[1][21..<27].allSatisfy { $0 == 0 })
  }

  @Test("the gradient of a function of the gradient equals central differences")
  func secondDerivative() throws {
    let slope = gradient(of: energy(fused), by: displacements)
    let norm = slope.square().sum()
    let second = gradient(of: norm, by: displacements)
    let found = try values([second], feed)[0]
    let program = Program([norm])
    let session = Session(
      program, state: State<Double>(program.variables, seed: 1), workers: Workers(count: 1))
    func value(_ index: Int, _ step: Double) throws -> Double {
      var moved = points
      moved[index] += step
      feed.set(displacements, moved)
      try session.run(feed)
      return session.output(0)[0]
    }
    let expected = try points.indices.map { index in
      try (value(index, 1e-5) - value(index, -1e-5)) / 2e-5
    }
    let scale = expected.map(abs).max() ?? 0
    #expect(scale > 0.01)
    #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-6 * (1 + scale) })
  }

  @Test("Jacobians by displacements are the composition's", arguments: JacobianForm.allCases)
  func jacobians(form: JacobianForm) throws {
    let symbols = [fused, composed].map { values in
      jacobian(of: values.square().sum(along: 1), by: [displacements], form: form)
    }
    let found = try values(symbols, feed)
    #expect(largestDifference(found[0], found[1]) < 1e-10)
  }

  @Test("the gradient can be differentiated by parameters, slice by slice")
  func parameters() throws {
    let found = try values([fused, composed].map(slopeJacobian), feed)
    #expect(largestDifference(found[0], found[1]) < 1e-9)
  }

  @Test("derivatives of the gradient by parameters need no triplets")
  func plainFeed() throws {
    let plain = Feed<Double>()
    plain[axis: "atoms + 1"] = Self.starts.count
    plain[axis: "pairs"] = 19
    plain[axis: "centers"] = Self.centers.count
    plain.set(displacements, points)
    plain.set(Self.startsOfAtoms, indices: Self.starts)
    plain.set(Self.elementsOfPairs, indices: neighbors.map(\.element))
    plain.set(Self.atomsOfCenters, indices: Self.centers)
    setParameters(plain)
    let found = try values([tangent(fused), slopeJacobian(fused)], plain)
    let expected = try values([tangent(composed), slopeJacobian(composed)], feed)
    #expect(expected[0].contains { abs($0) > 0.01 })
    #expect(largestDifference(found[0], expected[0]) < 1e-9)
    #expect(largestDifference(found[1], expected[1]) < 1e-9)
  }

  @Test("the tangent has the composition's derivatives")
  func tangentDerivatives() throws {
    let symbols = [fused, composed].flatMap { values in
      gradient(of: (tangent(values) * 0.1).sin().sum(), by: [displacements, directions])
    }
    let found = try values(symbols, feed)
    for number in 0..<2 {
      #expect(found[number].contains { abs($0) > 1e-3 })
      #expect(largestDifference(found[number], found[2 + number]) < 1e-9)
    }
  }

  @Test("Jacobians by parameters can be differentiated by displacements")
  func jacobianDerivatives() throws {
    let symbols = [fused, composed].map { values in
      gradient(of: slopeJacobian(values).square().sum(), by: displacements)
    }
    let found = try values(symbols, feed)
    #expect(found[0].contains { abs($0) > 1e-3 })
    #expect(largestDifference(found[0], found[1]) < 1e-9)
  }

  @Test("batches over displacements are the single slices")
  func batches() throws {
    let many = Symbol.placeholder("many", [2, "pairs", 3])
    let single = [fused, gradient(of: energy(fused), by: displacements), tangent(fused)]
    let batched = batch(single, slices: 2, replacing: [displacements: .perSlice(many)]).map {
      $0.dense(slices: 2).symbol
    }
    let moved = points.map { $0 * 0.95 + 0.01 }
    feed.set(many, points + moved)
    let found = try values(batched, feed)
    let first = try values(single, feed)
    feed.set(displacements, moved)
    let second = try values(single, feed)
    for number in single.indices {
      #expect(largestDifference(found[number], first[number] + second[number]) < 1e-9)
    }
  }

  /// A gradient by displacements along a direction, differentiated by the weights of functions.
  func tangent(_ values: Symbol) -> Symbol {
    gradient(of: (slope(values) * directions).sum(), by: weights)
  }

  /// The Jacobian of the summed gradient by the weights of functions.
  func slopeJacobian(_ values: Symbol) -> Symbol {
    jacobian(of: slope(values).sum(along: 0), by: [weights])
  }

  private func slope(_ values: Symbol) -> Symbol {
    let energy = (values.square() * weights.broadcast(to: values.shape, axes: [1])).sum()
    return gradient(of: energy, by: displacements)
  }

  private func setParameters(_ feed: Feed<Double>) {
    feed.set(weights, (0..<functions.set.count).map { Double($0 % 7) - 2 })
    feed.set(directions, points.indices.map { Double(($0 * 5) % 11) / 10 - 0.4 })
  }
}
