import Atomistic
import Graph
import Tensors
import TestSupport
import Testing

/// A model and a structure that it is tested on.
struct PotentialCase: Sendable, CustomTestStringConvertible {
  var name: String
  var potential: any Potential
  var structure: Structure
  var testDescription: String { name }

  static let lennardJones = LennardJones(
    [
      .init(.hydrogen, .hydrogen): .init(epsilon: 0.002, sigma: 1.1),
      .init(.hydrogen, .carbon): .init(epsilon: 0.004, sigma: 1.4),
      .init(.hydrogen, .oxygen): .init(epsilon: 0.003, sigma: 1.3),
      .init(.carbon, .carbon): .init(epsilon: 0.006, sigma: 1.9),
      .init(.carbon, .oxygen): .init(epsilon: 0.005, sigma: 1.6),
      .init(.oxygen, .oxygen): .init(epsilon: 0.007, sigma: 1.8),
    ], cutoff: 4.2)

  static let catalog = [
    PotentialCase(
      name: "Lennard-Jones, molecule", potential: lennardJones,
      structure: ModelFixtures.molecule),
    PotentialCase(
      name: "Lennard-Jones, crystal", potential: lennardJones, structure: ModelFixtures.crystal),
    PotentialCase(
      name: "SPC/Fw, molecule", potential: FlexibleWater(),
      structure: ModelFixtures.waterMolecule),
    PotentialCase(
      name: "SPC/Fw, small cell", potential: FlexibleWater(), structure: ModelFixtures.waterBox),
    PotentialCase(
      name: "Behler-Parrinello, molecule", potential: ModelFixtures.network,
      structure: ModelFixtures.molecule),
    PotentialCase(
      name: "Behler-Parrinello, crystal", potential: ModelFixtures.network,
      structure: ModelFixtures.crystal),
    PotentialCase(
      name: "densities, crystal", potential: DensityNetwork([.hydrogen, .carbon, .oxygen]),
      structure: ModelFixtures.crystal),
    PotentialCase(
      name: "messages, molecule", potential: MessagePassing.threeElements,
      structure: ModelFixtures.molecule),
    PotentialCase(
      name: "messages, crystal", potential: MessagePassing.threeElements,
      structure: ModelFixtures.crystal),
    PotentialCase(
      name: "PiNet, crystal", potential: try! PiNet(elements: [.hydrogen, .carbon, .oxygen]),
      structure: ModelFixtures.crystal),
    PotentialCase(
      name: "PiNet2, molecule", potential: try! PiNet2(elements: [.hydrogen, .carbon, .oxygen]),
      structure: ModelFixtures.molecule),
    PotentialCase(
      name: "PiNet2 of rank 5, crystal",
      potential: try! PiNet2(rankFive, elements: [.hydrogen, .carbon, .oxygen]),
      structure: ModelFixtures.crystal),
  ]

  /// Vectors and quadrupoles in few channels, with Gaussians.
  private static let rankFive: PiNet2.Settings = {
    var settings = PiNet2.Settings()
    settings.rank = .five
    (settings.common.basis, settings.common.depth) = (.gaussian, 2)
    settings.weighted = true
    return settings
  }()

  func calculator() -> Calculator<Double> { Calculator(potential) }
}

@Suite("Laws every potential obeys")
struct PotentialLaws {
  @Test("moving and turning a structure turns its forces", arguments: PotentialCase.catalog)
  func motion(of example: PotentialCase) throws {
    let calculator = example.calculator()
    let labels = try calculator(example.structure)
    let strain = calculator.strainGradient
    let turn = ModelFixtures.rotation
    let moved = try calculator(ModelFixtures.moved(example.structure, by: [1.3, -0.4, 7.1], turn))
    #expect(abs(moved.energy! - labels.energy!) < 1e-9)
    for (new, old) in zip(moved.forces!, labels.forces!) {
      #expect((new - old * turn).length < 1e-9)
    }
    let expected = turn.transposed * strain * turn
    #expect(calculator.strainGradient.difference(expected) < 1e-9)
    let total = labels.forces!.reduce(.zero, +)
    #expect(total.length < 1e-9)
    #expect(strain.difference(strain.transposed) < 1e-9)
  }

  @Test("the order of atoms does not matter", arguments: PotentialCase.catalog)
  func permutation(of example: PotentialCase) throws {
    let calculator = example.calculator()
    let labels = try calculator(example.structure)
    let permuted = try calculator(ModelFixtures.permuted(example.structure))
    #expect(abs(permuted.energy! - labels.energy!) < 1e-9)
    for (new, old) in zip(permuted.forces!, labels.forces!.reversed()) {
      #expect((new - old).length < 1e-9)
    }
  }

  @Test("a supercell has as many times the energy", arguments: PotentialCase.catalog)
  func extensivity(of example: PotentialCase) throws {
    guard example.structure.cell != nil else { return }
    let calculator = example.calculator()
    let labels = try calculator(example.structure)
    let large = try calculator(example.structure.repeated(SIMD3(2, 1, 3)))
    #expect(abs(large.energy! - 6 * labels.energy!) < 1e-8)
    for (atom, force) in large.forces!.enumerated() {
      #expect((force - labels.forces![atom % example.structure.count]).length < 1e-9)
    }
    #expect(large.stress!.difference(labels.stress!) < 1e-10)
  }

  @Test("forces are the slope of the energy", arguments: PotentialCase.catalog)
  func slope(of example: PotentialCase) throws {
    let calculator = example.calculator()
    let forces = try calculator(example.structure).forces!
    let step = 1e-4
    for atom in forces.indices {
      for axis in 0..<3 {
        let slope = try centralDifference(step) { shift in
          var structure = example.structure
          structure.positions[atom][axis] += shift
          return try calculator(structure).energy!
        }
        #expect(abs(slope + forces[atom][axis]) < 1e-6 * (1 + abs(slope)))
      }
    }
  }

  @Test(
    "stress is the slope of the energy by strain, over the volume",
    arguments: PotentialCase.catalog)
  func strain(of example: PotentialCase) throws {
    let calculator = example.calculator()
    let labels = try calculator(example.structure)
    let gradient = calculator.strainGradient
    for row in 0..<3 {
      for column in 0..<3 {
        let slope = try centralDifference(1e-5) { strain in
          var deformation = Matrix3.identity
          deformation[column, row] += strain
          var structure = example.structure
          structure.positions = structure.positions.map { $0 * deformation }
          structure.cell = structure.cell?.deformed(by: deformation)
          return try calculator(structure).energy!
        }
        #expect(abs(slope - gradient[row, column]) < 1e-5 * (1 + abs(slope)))
      }
    }
    guard let cell = example.structure.cell else {
      #expect(labels.stress == nil)
      return
    }
    #expect((labels.stress! * cell.volume).difference(gradient) < 1e-12)
  }

  @Test("a list with a skin gives the energies of a new list", arguments: PotentialCase.catalog)
  func skin(of example: PotentialCase) throws {
    let lazy = Calculator<Double>(example.potential, skin: 0.5)
    let eager = Calculator<Double>(example.potential, skin: 0)
    var structure = example.structure
    for step in 0..<6 {
      for atom in structure.positions.indices {
        structure.positions[atom][(atom + step) % 3] += 0.03
      }
      let (new, old) = (try eager(structure), try lazy(structure))
      #expect(abs(new.energy! - old.energy!) < 1e-10)
    }
    #expect(lazy.listCount < 3)
    #expect(eager.listCount == 6)
  }

  /// The fourth-order difference quotient.
  private func centralDifference(
    _ step: Double, _ energy: (Double) throws -> Double
  ) rethrows -> Double {
    try (8 * (energy(step) - energy(-step)) - (energy(2 * step) - energy(-2 * step)))
      / (12 * step)
  }
}

@Suite("Lennard-Jones")
struct LennardJonesTests {
  @Test("a pair has the shifted energy of the formula, and none beyond the cutoff")
  func pair() throws {
    let model = LennardJones(
      [.init(.argon, .argon): .init(epsilon: 0.0104, sigma: 3.4)], cutoff: 8)
    func value(_ r: Double) -> Double {
      let s = (3.4 / r) * (3.4 / r) * (3.4 / r)
      return 4 * 0.0104 * (s * s * s * s - s * s)
    }
    func slope(_ r: Double) -> Double {
      let s = (3.4 / r) * (3.4 / r) * (3.4 / r)
      return 4 * 0.0104 * (6 * s * s - 12 * s * s * s * s) / r
    }
    let calculator = Calculator<Double>(model)
    for r in [3.2, 3.816, 6.5, 7.999, 8.0, 8.2] {
      let pair = Structure(elements: [.argon, .argon], positions: [.zero, [0, r, 0]])
      let expected = r < 8 ? value(r) - value(8) - (r - 8) * slope(8) : 0
      let force = r < 8 ? -(slope(r) - slope(8)) : 0
      let labels = try calculator(pair)
      #expect(abs(labels.energy! - expected) < 1e-14)
      #expect(abs(labels.forces![1].y - force) < 1e-13)
    }
  }

  @Test("a batch of structures has the energies of single ones")
  func batch() throws {
    let model = PotentialCase.lennardJones
    let structures = [
      ModelFixtures.molecule, ModelFixtures.crystal, ModelFixtures.waterBox,
      ModelFixtures.molecule,
    ]
    let lists = try structures.map { try NeighborList($0, cutoff: model.cutoff) }
    let inputs = AtomisticInputs()
    let program = Program([model.energies(inputs)])
    let session = Session(
      program, state: State<Double>([], seed: 1), workers: Workers(count: 1))
    let filler = StructureFeed<Double>(elements: model.elements)
    try filler.set(structures, neighbors: lists)
    try model.complete(filler.feed, structures: structures, neighbors: lists)
    try session.run(filler.feed)
    let calculator = Calculator<Double>(model)
    for (energy, structure) in zip(session.output(0), structures) {
      #expect(abs(energy - (try calculator(structure).energy!)) < 1e-12)
    }
  }
}
