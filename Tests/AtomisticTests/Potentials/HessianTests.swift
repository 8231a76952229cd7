import Atomistic
import Graph
import Tensors
import TestSupport
import Testing

@Suite("Hessians of networks")
struct HessianTests {
  @Test("the derivative of forces along a direction is the slope of forces")
  func slope() throws {
    let model = ModelFixtures.threeElements
    let structures = [ModelFixtures.molecule, ModelFixtures.crystal]
    let lists = try structures.map { try NeighborList($0, cutoff: model.network.cutoff) }
    let inputs = AtomisticInputs()
    let direction = Symbol.placeholder("direction", [AtomisticInputs.atoms, 3])
    let projected = (model.network.forces(inputs) * direction).sum()
    let program = Program([gradient(of: projected, by: inputs.positions)])
    let session = Session(
      program, state: model.state(Double.self), workers: Workers(count: 1))
    let filler = StructureFeed<Double>(elements: model.network.elements)
    try filler.set(structures, neighbors: lists)
    model.network.fillSecondDerivatives(filler.feed, structures: structures, neighbors: lists)
    let count = structures.reduce(0) { $0 + $1.count }
    let directions = (0..<count).map { atom in
      let number = Double(atom)
      return SIMD3<Double>(0.3 - 0.1 * number, 0.2, 0.05 * number * number - 1)
    }
    filler.feed.set(direction, directions.flatMap(\.components))
    try session.run(filler.feed)

    let calculator: Calculator<Double> = model.calculator(skin: 0)
    var expected: [Double] = []
    for structure in structures {
      let own = directions.dropFirst(expected.count / 3).prefix(structure.count)
      func forces(_ step: Double) throws -> [Double] {
        var moved = structure
        for (atom, vector) in own.enumerated() { moved.positions[atom] += vector * step }
        return try calculator(moved).forces!.flatMap(\.components)
      }
      let (forward, backward) = (try forces(1e-5), try forces(-1e-5))
      expected += zip(forward, backward).map { ($0 - $1) / 2e-5 }
    }
    #expect(expected.contains { abs($0) > 0.1 })
    #expect(largestDifference(session.output(0), expected) < 1e-6)
  }
}
