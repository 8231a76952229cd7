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

  let functions: SymmetryFunctions
  let displacements = Symbol.placeholder("displacements", ["pairs", 3])
  let fused: Symbol
  let composed: Symbol
  let feed = Feed<Double>()
  let points: [Double]

  init() {
    let set = SymmetryFunctionSet(functions: SymmetryFunctionEvaluatorTests.functions(.polynomial2))
    functions = SymmetryFunctions(set, indices: SymmetryFunctionIndices("O"))
    fused = functions(
      displacements, .placeholder("starts", ["atoms + 1"], .index),
      .placeholder("elements", ["pairs"], .index), .placeholder("centers", ["centers"], .index))
    composed = functions.composed(displacements, centers: "centers")
    let neighbors = SymmetryFunctionEvaluatorTests.neighbors(19, seed: 11, elements: [1, 8, 6])
    points = neighbors.flatMap { neighbor in (0..<3).map { neighbor.displacement[$0] * 0.6 } }
    let elements = neighbors.map(\.element)
    feed[axis: "atoms + 1"] = Self.starts.count
    feed[axis: "pairs"] = 19
    feed[axis: "centers"] = Self.centers.count
    feed.set("displacements", points)
    feed.set("starts", indices: Self.starts)
    feed.set("elements", indices: elements)
    feed.set("centers", indices: Self.centers)
    functions.indices.fill(
      feed, for: set, starts: Self.starts, elements: elements, centers: Self.centers)
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
      feed.set("displacements", moved)
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
    let weights = Symbol.placeholder("weights", [.fixed(functions.set.count)])
    let results = [fused, composed].map { values in
      let energy = (values.square() * weights.broadcast(to: values.shape, axes: [1])).sum()
      let slope = gradient(of: energy, by: displacements)
      return jacobian(of: slope.sum(along: 0), by: [weights])
    }
    feed.set("weights", (0..<functions.set.count).map { Double($0 % 7) - 2 })
    let found = try values(results, feed)
    #expect(largestDifference(found[0], found[1]) < 1e-9)
  }
}
