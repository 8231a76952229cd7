import Atomistic
import Graph
import Tensors
import TestSupport
import Testing

/// A structure as a program without a cell sees it: its atoms, and copies of them within some distance.
private struct Cluster {
  var domain: Domain
  /// The atom that each atom is, or is a copy of.
  var originals: [Int]
  private let list: NeighborList

  /// Lets some of the atoms contribute.
  init(_ structure: Structure, reach: Double, cutoff: Double, contributing: (Int) -> Bool) throws {
    var (positions, originals) = (structure.positions, Array(structure.positions.indices))
    if let cell = structure.cell {
      let counts = (0..<3).map { Int((reach / cell.heights[$0]).rounded(.up)) + 1 }
      for x in -counts[0]...counts[0] {
        for y in -counts[1]...counts[1] {
          for z in -counts[2]...counts[2] where (x, y, z) != (0, 0, 0) {
            let shift = SIMD3<Double>(Double(x), Double(y), Double(z)) * cell.vectors
            for atom in structure.positions.indices {
              let copy = structure.positions[atom] + shift
              guard structure.positions.contains(where: { (copy - $0).length < reach }) else {
                continue
              }
              positions.append(copy)
              originals.append(atom)
            }
          }
        }
      }
    }
    let own = structure.count
    domain = Domain(
      elements: originals.map { structure.elements[$0] }, positions: positions,
      contributes: positions.indices.map { $0 < own && contributing($0) })
    self.originals = originals
    list = try NeighborList(positions: positions, cell: nil, cutoff: cutoff)
  }

  func evaluate(_ calculator: DomainCalculator<Double>) throws {
    try list.second.withUnsafeBufferPointer { seconds throws in
      try calculator.evaluate(domain) {
        UnsafeBufferPointer(rebasing: seconds[list.pairs(of: $0)])
      }
    }
  }

  /// The forces with those of copies added to the originals'.
  func folded(_ forces: [SIMD3<Double>], atoms: Int) -> [SIMD3<Double>] {
    var result = [SIMD3<Double>](repeating: .zero, count: atoms)
    for (atom, force) in forces.enumerated() { result[originals[atom]] += force }
    return result
  }
}

@Suite("Energies and forces of domains")
struct DomainLaws {
  /// Molecules of water end at the border of a domain, where their model refuses them.
  static let catalog = PotentialCase.catalog.filter { !($0.potential is FlexibleWater) }

  @Test(
    "a structure with its copies has the energy, forces and stress of the structure",
    arguments: catalog)
  func whole(of example: PotentialCase) throws {
    let (potential, structure) = (example.potential, example.structure)
    let reference = example.calculator()
    let labels = try reference(structure)
    let reach = Double(potential.interactionDepth) * potential.cutoff
    let calculator = DomainCalculator<Double>(potential)
    let cluster = try Cluster(structure, reach: reach, cutoff: potential.cutoff) { _ in true }
    try cluster.evaluate(calculator)
    #expect(abs(calculator.energy - labels.energy!) < 1e-9)
    let forces = cluster.folded(calculator.forces, atoms: structure.count)
    for (new, old) in zip(forces, labels.forces!) { #expect((new - old).length < 1e-9) }
    #expect(calculator.strainGradient.difference(reference.strainGradient) < 1e-8)
    for (atom, energy) in reference.atomicEnergies.enumerated() {
      #expect(abs(calculator.atomicEnergies[atom] - energy) < 1e-9)
    }
    let parts = try calculator.atomicStrainGradients()
    #expect(parts.reduce(.zero, +).difference(calculator.strainGradient) < 1e-8)
  }

  @Test("the parts of two domains add up to the whole", arguments: catalog)
  func division(of example: PotentialCase) throws {
    let (potential, structure) = (example.potential, example.structure)
    let labels = try example.calculator()(structure)
    let reach = Double(potential.interactionDepth) * potential.cutoff
    var (energy, forces) = (0.0, [SIMD3<Double>](repeating: .zero, count: structure.count))
    for part in 0..<2 {
      let calculator = DomainCalculator<Double>(potential)
      let cluster = try Cluster(structure, reach: reach, cutoff: potential.cutoff) {
        $0 % 2 == part
      }
      try cluster.evaluate(calculator)
      energy += calculator.energy
      let own = cluster.folded(calculator.forces, atoms: structure.count)
      for atom in forces.indices { forces[atom] += own[atom] }
    }
    #expect(abs(energy - labels.energy!) < 1e-9)
    for (new, old) in zip(forces, labels.forces!) { #expect((new - old).length < 1e-9) }
  }

  @Test("energies reach as many pairs far as the graph shows", arguments: catalog)
  func reach(of example: PotentialCase) throws {
    let potential = example.potential
    // A bent chain whose atoms have one neighbour either way.
    let step = 0.8 * potential.cutoff
    let count = potential.interactionDepth + 3
    let elements = (0..<count).map { potential.elements[$0 % potential.elements.count] }
    let positions = (0..<count).map {
      SIMD3<Double>(step * Double($0), $0 % 2 == 0 ? 0 : 0.2 * step, 0)
    }
    let calculator = Calculator<Double>(potential)
    try calculator.evaluate(Structure(elements: elements, positions: positions))
    let before = calculator.atomicEnergies[0]
    var changes: [Int] = []
    for atom in 1..<count {
      var moved = positions
      moved[atom].z += 0.1 * step
      moved[atom].x += 0.05 * step
      try calculator.evaluate(Structure(elements: elements, positions: moved))
      if abs(calculator.atomicEnergies[0] - before) > 1e-15 { changes.append(atom) }
    }
    let last = try #require(changes.last)
    #expect(last <= potential.interactionDepth)
    // Pairs that are computed once count twice.
    if potential is any TrainablePotential { #expect(last == potential.interactionDepth) }
  }

  @Test("a list is kept while atoms move little and the same neighbours are given")
  func listing() throws {
    let (potential, structure) = (ModelFixtures.network, ModelFixtures.crystal)
    let calculator = DomainCalculator<Double>(potential)
    var cluster = try Cluster(structure, reach: 6, cutoff: 5) { _ in true }
    try cluster.evaluate(calculator)
    for atom in cluster.domain.positions.indices {
      cluster.domain.positions[atom].x += cluster.originals[atom] == 1 ? 0.1 : 0
    }
    try cluster.evaluate(calculator)
    #expect(calculator.listCount == 1)
    var moved = structure
    moved.positions[1].x += 0.1
    #expect(abs(calculator.energy - (try Calculator<Double>(potential)(moved).energy!)) < 1e-9)
    // Fewer neighbours are other neighbours.
    var fewer = try Cluster(moved, reach: 6, cutoff: potential.cutoff) { _ in true }
    try fewer.evaluate(calculator)
    #expect(calculator.listCount == 2)
    fewer.domain.contributes[0] = false
    try fewer.evaluate(calculator)
    #expect(calculator.listCount == 3 && calculator.atomicEnergies[0] == 0)
  }

  @Test("neighbours that are missing, no atoms or on top of each other are refused")
  func faults() throws {
    let calculator = DomainCalculator<Double>(ModelFixtures.network)
    var domain = Domain(
      elements: [.oxygen, .hydrogen], positions: [.zero, [1, 0, 0]], contributes: [true, true])
    #expect(throws: PotentialError.neighbors(.noNeighborsGiven(0))) {
      try calculator.evaluate(domain) { _ in nil }
    }
    let wrong: [Int32] = [7]
    try wrong.withUnsafeBufferPointer { neighbors throws in
      #expect(throws: PotentialError.neighbors(.wrongNeighborGiven(7, of: 0, count: 2))) {
        try calculator.evaluate(domain) { _ in neighbors }
      }
    }
    let pair: [Int32] = [1, 0]
    func neighbors(_ body: ((Int) -> UnsafeBufferPointer<Int32>?) throws -> Void) throws {
      try pair.withUnsafeBufferPointer { pair throws in
        try body { UnsafeBufferPointer(rebasing: pair[$0..<$0 + 1]) }
      }
    }
    domain.positions[1] = .zero
    try neighbors { given in
      #expect(throws: PotentialError.self) { try calculator.evaluate(domain, neighborsOf: given) }
    }
    domain.positions[1] = [.nan, 0, 0]
    try neighbors { given in
      #expect(throws: PotentialError.neighbors(.lostAtom(1))) {
        try calculator.evaluate(domain, neighborsOf: given)
      }
    }
    domain.positions[1] = [1, 0, 0]
    domain.elements[1] = .argon
    try neighbors { given in
      #expect(throws: PotentialError.self) { try calculator.evaluate(domain, neighborsOf: given) }
    }
    domain.elements[1] = .hydrogen
    try neighbors { given in try calculator.evaluate(domain, neighborsOf: given) }
    let structure = Structure(elements: domain.elements, positions: domain.positions)
    let energy = try Calculator<Double>(ModelFixtures.network)(structure).energy!
    #expect(abs(calculator.energy - energy) < 1e-12)
  }
}
