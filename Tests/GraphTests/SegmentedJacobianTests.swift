import Graph
import Tensors
import TestSupport
import Testing

@Suite("Jacobians of message-passing models")
struct SegmentedJacobianTests {
  private func jacobians(
    of errors: Symbol, _ feed: Feed<Double>
  ) throws -> (segmented: [Double], dense: [Double], program: Program) {
    let variables = Symbol.parameters(of: [errors])
    let programs = [JacobianForm.segmented, .dense].map {
      Program([jacobian(of: errors, by: variables.map(\.symbol), form: $0)])
    }
    let results = try programs.map {
      let session = Session(
        $0, state: State<Double>(variables, seed: 5), workers: Workers(count: 1))
      try session.run(feed)
      return Array(session.output(0))
    }
    return (results[0], results[1], programs[0])
  }

  private func isDense(_ program: Program) -> Bool {
    let text = program.description
    return text.contains("oneHot") || text.contains("[structures, pairs")
      || text.contains("[structures, atoms")
  }

  @Test("of energies and of slopes keep structures apart", arguments: [false, true])
  func law(ofSlopes: Bool) throws {
    let model = MessagePassingModel()
    let (segmented, dense, program) = try jacobians(
      of: ofSlopes ? model.slopes : model.energies, model.feed(structures: 3))
    #expect(largestDifference(segmented, dense) < 1e-12 * (1 + (dense.map(\.magnitude).max() ?? 0)))
    #expect(segmented.contains { $0.magnitude > 0.1 })
    #expect(!isDense(program), "\(program)")
    #expect(program.denseFallbacks.map(\.description) == [])
  }

  @Test("of both together, and of functions of an energy, keep structures apart")
  func functions() throws {
    let model = MessagePassingModel()
    let both = Symbol.concatenating([model.energies.square(), model.slopes], axis: 0)
    let squares = gradient(of: model.energies.square().sum(), by: model.positions)
    let nonlinear = (squares * model.directions).sum(along: 1)
      .segmentSum(by: model.structureOfAtom, count: "structures")
    for errors in [both, nonlinear] {
      let (segmented, dense, program) = try jacobians(of: errors, model.feed(structures: 3))
      #expect(
        largestDifference(segmented, dense) < 1e-12 * (1 + (dense.map(\.magnitude).max() ?? 0)))
      #expect(!isDense(program), "\(program)")
      #expect(program.denseFallbacks.map(\.description) == [])
    }
  }

  @Test("are right without facts too, and tell what became dense")
  func fallback() throws {
    let model = MessagePassingModel(statesFacts: false)
    let (segmented, dense, program) = try jacobians(
      of: model.energies, model.feed(structures: 3))
    #expect(largestDifference(segmented, dense) < 1e-12 * (1 + (dense.map(\.magnitude).max() ?? 0)))
    #expect(
      program.denseFallbacks.first?.description
        == "add(real[pairs, 5], real[pairs, 5]) does not keep errors apart and becomes "
        + "real[structures, pairs, 5]")
    #expect(Program([model.energies]).denseFallbacks.isEmpty)
  }

  @Test("of some structures' energies follow the fact that labels are numbered both ways")
  func labels() throws {
    let model = MessagePassingModel()
    let label = Symbol.placeholder("labelOfStructure", ["structures"], .index)
    let structure = Symbol.placeholder(
      "structureOfLabel", ["labels"], .index,
      facts: [IndexFact(gathering: label, gives: .indices(below: "labels"))])
    let feed = model.feed(structures: 4)
    feed[axis: "labels"] = 2
    feed.set(structure, indices: [3, 1])
    // The labels of structures without one do not matter.
    feed.set(label, indices: [0, 1, 1, 0])
    let errors = model.energies.gathered(by: structure) - 0.3
    let (segmented, dense, program) = try jacobians(of: errors, feed)
    #expect(largestDifference(segmented, dense) < 1e-12 * (1 + (dense.map(\.magnitude).max() ?? 0)))
    #expect(program.denseFallbacks.isEmpty)
  }

  @Test("treat rows as one structure's only where it is stated")
  func soundness() throws {
    let model = MessagePassingModel()
    // A partition of atoms that says nothing of pairs.
    let kinds = model.numbers.gathered(by: model.second)
    let errors =
      (model.positions.gathered(by: model.first)
      * Variable("w", [3], initializer: .constant(1)).symbol
      .broadcast(to: ["pairs", 3], axes: [1])).sin()
    let byKind = errors.segmentSum(by: model.second, count: "atoms").tanh().sum(along: 1)
      .segmentSum(by: model.numbers, count: 9)
    let byFirst = (errors.sum(along: 1)).segmentSum(by: kinds, count: 9)
    for errors in [byKind, byFirst] {
      let (segmented, dense, _) = try jacobians(of: errors, model.feed(structures: 2))
      #expect(largestDifference(segmented, dense) < 1e-12)
    }
  }
}
