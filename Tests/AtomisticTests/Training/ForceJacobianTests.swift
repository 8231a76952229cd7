import Atomistic
import Graph
import Layers
import Tensors
import TestSupport
import Testing

@Suite("Jacobians of forces")
struct ForceJacobianTests {
  static let model = CachedModel.water

  /// Two molecules with forces of no meaning as labels.
  static let structure: Structure = {
    var structure = ModelFixtures.waterBox
    structure.labels.forces = structure.positions.map { $0 * 0.1 }
    return structure
  }()

  @Test(
    "coordinates and cached descriptors give the same forces and derivatives by the weights",
    arguments: JacobianForm.allCases)
  func equality(form: JacobianForm) throws {
    let network = Self.model.network
    let parameters = network.variables.map(\.symbol)
    let forces = network.forces(AtomisticInputs()).flattened()
    let filler = StructureFeed<Double>(elements: network.elements)
    let list = try NeighborList(Self.structure, cutoff: network.cutoff)
    try filler.set([Self.structure], neighbors: [list])
    let direct = try run(
      [forces, jacobian(of: forces, by: parameters, form: form)], filler.feed)

    let cached = try CachedModel(Self.model, [Self.structure])
    let labels = PotentialLabels(
      [Self.structure], energies: [nil], of: [0], cache: cached.cache)
    let feed = Feed<Double>()
    labels.fillForces(feed, labels: Array(0..<labels.forceCount))
    let errors = PotentialErrors.force(network.elementNetworks)
    let indirect = try run([errors, jacobian(of: errors, by: parameters, form: form)], feed)

    let references = Self.structure.labels.forces!.flatMap(\.components)
    #expect(largestDifference(indirect[0], zip(direct[0], references).map(-)) < 1e-9)
    #expect(direct[1].count == 18 * Self.model.parameters.count)
    #expect(direct[1].contains { abs($0) > 0.01 })
    #expect(largestDifference(indirect[1], direct[1]) < 1e-9)
  }

  private func run(_ outputs: [Symbol], _ feed: Feed<Double>) throws -> [[Double]] {
    let session = Session(
      Program(outputs), state: Self.model.state(Double.self), workers: Workers(count: 1))
    try session.run(feed)
    return outputs.indices.map { Array(session.output($0)) }
  }
}

@Suite("Hessians of networks")
struct HessianTests {
  @Test("the derivative of forces along a direction is the slope of forces")
  func slope() throws {
    let model = CachedModel.threeElements
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
