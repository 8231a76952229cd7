import Atomistic
import Foundation
import TestSupport
import Testing

@Suite("Check of unnamed units")
struct UnitCheckTests {
  /// Water in bohr and hartree under the keys of a public dataset that names no units.
  static let inBohr: String = {
    let water = StructureFixtures.water(molecules: 3, seed: 2, scale: 1 / Units.bohr)
    let lattice = (water.cell?.vectors.rowMajor ?? []).map(\.description).joined(separator: " ")
    var text = "\(water.count)\nLattice=\"\(lattice)\" TotEnergy=-465.2 pbc=\"T T T\" "
    text += "Properties=species:S:1:pos:R:3:force:R:3\n"
    for (element, position) in zip(water.elements, water.positions) {
      text += "\(element) \(position.x) \(position.y) \(position.z) 0.01 -0.02 0.005\n"
    }
    return text
  }()

  @Test("refuses lengths in bohr and names the options to set")
  func bohr() throws {
    let error = #expect(throws: FormatError.self) { try ExtendedXYZTests.read(Self.inBohr) }
    let sentence = try #require(error?.description)
    #expect(sentence.contains("--length-unit bohr --energy-unit hartree"))
    #expect(sentence.hasPrefix("test.xyz"))
    let water = StructureFixtures.water(molecules: 3, seed: 2)
    let read = try ExtendedXYZTests.read(Self.inBohr, .init(units: .atomic)).structures[0]
    #expect((read.positions[5] - water.positions[5]).length < 1e-12)
    #expect(abs(read.labels.energy! + 465.2 * Units.hartree) < 1e-9)
    #expect(abs(read.labels.forces![0].x - 0.01 * UnitSystem.atomic.forceFactor) < 1e-12)
    _ = try ExtendedXYZTests.read(Self.inBohr, .init(units: .standard))
    let named = Self.inBohr.replacing("pbc=", with: "length_unit=Bohr energy_unit=Ha pbc=")
    #expect(try ExtendedXYZTests.read(named).structures[0].labels == read.labels)
    let both = Self.inBohr.replacing("pbc=", with: "units=atomic pbc=")
    #expect(try ExtendedXYZTests.read(both).structures[0].cell == read.cell)
  }

  @Test("refuses input.data in angstrom when nothing says so")
  func angstrom() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appending(path: "input.data").path
      var water = StructureFixtures.water(molecules: 3, seed: 2)
      water.labels = Labels(energy: -1, forces: water.positions)
      try RunnerData.write([water], to: path, units: .standard)
      let error = #expect(throws: FormatError.self) { try StructureFile.read(path) }
      #expect(error?.description.contains("--length-unit angstrom --energy-unit eV") == true)
      #expect(
        try RunnerData.read(path, units: .standard).structures[0].positions == water.positions)
    }
  }

  /// A crystal of `count`^3 cells of a cubic lattice with a basis in fractions.
  static func crystal(
    _ edge: Double, _ basis: [(Element, SIMD3<Double>)], periodicity: Periodicity = .all
  ) -> Structure {
    let places = [0.0, 1.0].flatMap { x in [0.0, 1.0].map { SIMD3(x, $0, 0) } }
    let atoms = places.flatMap { place in basis.map { ($0.0, ($0.1 + place) * edge) } }
    return Structure(
      elements: atoms.map(\.0), positions: atoms.map(\.1),
      cell: Cell(edges: [2 * edge, 2 * edge, edge], periodicity: periodicity))
  }

  @Test("raises no false alarm", arguments: ["water", "compressed", "metals", "salts", "gases"])
  func quiet(kind: String) throws {
    let halves: [SIMD3<Double>] = [[0, 0, 0], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]]
    func fcc(_ symbol: String, _ edge: Double) -> Structure {
      Self.crystal(edge, halves.compactMap { place in Element(symbol: symbol).map { ($0, place) } })
    }
    func salt(_ first: String, _ second: String, _ edge: Double) -> Structure {
      let sites = halves.map { ($0, first) } + halves.map { ($0 + [0.5, 0, 0], second) }
      return Self.crystal(
        edge,
        sites.compactMap { site in
          Element(symbol: site.1).map { ($0, site.0) }
        })
    }
    var structures: [Structure]
    switch kind {
    case "water": structures = [StructureFixtures.water(molecules: 4, seed: 8)]
    case "compressed": structures = [StructureFixtures.water(molecules: 4, seed: 8, scale: 0.7)]
    case "metals":
      structures = [
        fcc("Cu", 3.61), fcc("Al", 4.05), fcc("Pb", 4.95), fcc("Ca", 5.58), fcc("Al", 4.9),
      ]
    case "salts":
      structures = [salt("Na", "Cl", 5.64), salt("Li", "H", 4.08), salt("K", "F", 5.34)]
    default:
      // Argon, atomic hydrogen, dimers along a dissociation, single atoms.
      structures = [fcc("Ar", 5.26), fcc("H", 2.4)]
      for distance in stride(from: 0.6, through: 3.5, by: 0.1) {
        structures.append(
          Structure(elements: [.oxygen, .hydrogen], positions: [.zero, [distance, 0, 0]]))
        structures.append(
          Structure(
            elements: [.oxygen, .hydrogen, .hydrogen],
            positions: [.zero, [distance, 0, 0], [0, distance, 0]]))
      }
    }
    for structure in structures {
      let check = UnitCheck([structure])
      #expect(check?.suspectedLength(assumed: .angstrom) == nil, "\(structure)")
      #expect(check?.suspectedLength(assumed: .bohr) == nil || kind == "metals", "\(structure)")
    }
    #expect(UnitCheck(structures)?.suspectedLength(assumed: .angstrom) == nil)
  }
}
