import Atomistic
import Graph
import Tensors
import TestSupport
import Testing

@Suite("What the inputs state of indices")
struct IndexFactTests {
  let structures = [ModelFixtures.waterBox, ModelFixtures.molecule, ModelFixtures.crystal]
  let inputs = AtomisticInputs()
  let elements: [Element] = [.hydrogen, .carbon, .oxygen]
  let cutoff = 3.0

  private func run(_ outputs: [Symbol]) throws -> [[Double]] {
    let filler = StructureFeed<Double>(elements: elements)
    try filler.set(structures, neighbors: structures.map { try NeighborList($0, cutoff: cutoff) })
    let variables = Symbol.parameters(of: outputs)
    let session = Session(
      Program(outputs), state: State<Double>(variables, seed: 2), workers: Workers(count: 1))
    try session.run(filler.feed)
    return outputs.indices.map { session.tensor($0).doubles }
  }

  @Test("holds for what structures fill in: both ends of a pair belong to one structure")
  func truth() throws {
    let ends = try run(
      [inputs.first, inputs.second].map { inputs.structureOfAtom.gathered(by: $0) })
    #expect(ends[0] == ends[1])
    #expect(Set(ends[0]) == [0, 1, 2])
  }

  @Test("keeps structures apart in the Jacobian of an energy with messages")
  func jacobians() throws {
    let table = Variable("table", [9, 4], initializer: .uniform(bound: 1)).symbol
    let matrix = Variable("matrix", [4, 4], initializer: .uniform(bound: 1)).symbol
    let distances = inputs.displacements.square().sum(along: 1).squareRoot()
    let cut = (1 - distances.minimum(cutoff) / cutoff).square().broadcast(
      to: [AtomisticInputs.pairs, 4], axes: [0])
    var features = table.gathered(by: inputs.elements)
    for _ in 0..<2 {
      let messages = features.gathered(by: inputs.second).matmul(matrix).tanh() * cut
      features = features + messages.segmentSum(by: inputs.first, count: AtomisticInputs.atoms)
    }
    let energies = features.sum(along: 1)
      .segmentSum(by: inputs.structureOfAtom, count: AtomisticInputs.structures)
    let jacobians = JacobianForm.allCases.map {
      jacobian(of: energies, by: [table, matrix], form: $0)
    }
    #expect(Program([jacobian(of: energies, by: [table, matrix])]).denseFallbacks.isEmpty)
    let results = try run(jacobians)
    let scale = results[0].map(\.magnitude).max() ?? 0
    #expect(scale > 0.1)
    #expect(largestDifference(results[0], results[1]) < 1e-12 * (1 + scale))
  }
}
