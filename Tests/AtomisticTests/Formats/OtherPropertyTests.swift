import Atomistic
import Foundation
import TestSupport
import Testing

@Suite("Further properties in extended XYZ")
struct OtherPropertyTests {
  static func read(
    _ text: String, _ others: [String: LabelKeys.Other]
  ) throws(FormatError) -> StructureSet {
    var options = ExtendedXYZ.Options()
    options.keys.others = others
    return try ExtendedXYZ.read(text: Array(text.utf8), file: "test.xyz", options: options)
  }

  static func frame(_ header: String, atoms: String = "O 0 0 0 -0.8\nH 0.97 0 0 0.4") -> String {
    "2\nProperties=species:S:1:pos:R:3:q:R:1 \(header)\n\(atoms)\n"
  }

  static let dipole = LabelKeys.Other("mu", carrier: .structure, components: 3)
  static let charge = LabelKeys.Other("q", carrier: .atom, components: 1)

  @Test(
    "an entry of the header holds the components of a structure",
    arguments: [
      "mu=\"1 -2 3.5\"", "MU={1 -2 3.5}", "mu=[1,-2,3.5]", "Mu='[[1, -2], [3.5]]'",
    ])
  func header(entry: String) throws {
    let set = try Self.read(Self.frame(entry), ["dipole": Self.dipole])
    #expect(
      set.structures[0].labels.others == ["dipole": .init(carrier: .structure, [1, -2, 3.5])])
    let key = String(entry.prefix(2))
    #expect(set.inventory.others["dipole"]?.keys == [key: 1])
    #expect(set.structures[0].info.isEmpty && set.inventory.ignored == ["q": 1])
  }

  @Test("a column gives its values atom by atom; what is missing stays missing")
  func columns() throws {
    let text =
      Self.frame("gap=2") + "1\nProperties=species:S:1:pos:R:3:field:I:2\nO 0 0 0 7 -8\n"
      + "1\nProperties=species:S:1:pos:R:3\nO 0 0 0\n"
    let set = try Self.read(
      text,
      [
        "charge": .init("Q", carrier: .atom, components: 1),
        "gap": .init("gap", carrier: .structure, components: 1),
        "shift": .init("field", carrier: .atom, components: 2),
      ])
    #expect(
      set.structures.map(\.labels.others) == [
        ["charge": .init(carrier: .atom, [-0.8, 0.4]), "gap": .init(carrier: .structure, [2])],
        ["shift": .init(carrier: .atom, [7, -8])], [:],
      ])
    #expect(set.inventory.others.mapValues(\.structures) == ["charge": 1, "gap": 1, "shift": 1])
    #expect(set.inventory.others["charge"]?.keys == ["q": 1])
    #expect(set.inventory.ignored.isEmpty)
    #expect(set.inventory.description.contains("charge 1 of 3 (q: 1)"))
  }

  @Test("values are taken as they are, in whatever units the file is")
  func units() throws {
    let text = Self.frame("units=atomic mu=\"3 4 5\"")
    let set = try Self.read(text, ["dipole": Self.dipole, "charge": Self.charge])
    #expect(
      set.structures[0].labels.others.mapValues(\.values) == [
        "dipole": [3, 4, 5], "charge": [-0.8, 0.4],
      ])
    #expect(abs(set.structures[0].positions[1].x - 0.97 * Units.bohr) < 1e-12)
  }

  @Test(
    "faults are named with file, line and key",
    arguments: [
      (frame("mu=\"1 2 x\""), 2, "mu", "3 finite numbers"),
      (frame("mu=\"1 2\""), 2, "mu", "3 finite numbers"),
      (frame("", atoms: "O 0 0 0 1\nH 1 0 0 many"), 4, "q", "\"many\""),
      (frame("q=\"1 2\""), 2, "q", "an entry of the header and a column"),
      ("1\nProperties=species:S:1:pos:R:3:q:S:1\nO 0 0 0 1\n", 2, "Properties", "q:R:1"),
      ("1\nProperties=species:S:1:pos:R:3:q:R:2\nO 0 0 0 1 1\n", 2, "Properties", "q:R:1"),
      ("2\nq=\"1 2 3\"\nO 0 0 0\nH 1 0 0\n", 2, "q", "2 finite numbers"),
      (
        "3\nProperties=species:S:1:pos:R:3:mu:R:1\nO 0 0 0 1\nH 1 0 0 2\nH 0 1 0 3\n", 2, "mu",
        "each structure has one dipole"
      ),
    ])
  func faults(text: String, line: Int, key: String, part: String) {
    let error = #expect(throws: FormatError.self) {
      try Self.read(text, ["dipole": Self.dipole, "charge": Self.charge])
    }
    #expect(error?.file == "test.xyz" && error?.line == line && error?.key == key)
    #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
  }

  @Test("a key that no frame has is refused with its property, unless it is the property's name")
  func missingKey() throws {
    let text = Self.frame("mu=\"1 2 3\"")
    let own = LabelKeys.Other("dipole", carrier: .structure, components: 3)
    #expect(try Self.read(text, ["dipole": own]).inventory.others.isEmpty)
    let error = #expect(throws: FormatError.self) {
      try Self.read(
        text,
        [
          "dipole": Self.dipole,
          "polarisability": .init("alpha", carrier: .structure, components: 9),
        ])
    }
    #expect(error?.key == "alpha" && error?.expected.contains("polarisability") == true)
  }

  @Test(
    "what is written reads back to the same bits, whatever the number of atoms", arguments: 1...4)
  func roundTrip(atoms: Int) throws {
    // Structures whose numbers of atoms are those of components: only the carrier tells them apart.
    let shapes: [String: (carrier: Labels.Carrier, components: Int)] = [
      "charge": (.atom, 1), "tensor": (.atom, 9), "dipole of an atom": (.atom, 3),
      "band gap": (.structure, 1), "dipole": (.structure, 3), "levels": (.structure, 2),
    ]
    var structures = (1...3).map { seed in
      let water = StructureFixtures.water(molecules: 2, seed: seed)
      return Structure(
        elements: Array(water.elements.prefix(atoms)),
        positions: Array(water.positions.prefix(atoms)), cell: water.cell)
    }
    for number in [0, 2] {
      structures[number].labels.others = shapes.mapValues { carrier, components in
        let count = components * (carrier == .atom ? atoms : 1)
        return Labels.Values(
          carrier: carrier, (0..<count).map { 1 / (Double(3 * $0 + number) - 7.5) })
      }
    }
    try withTemporaryDirectory { folder in
      let path = folder.appending(path: "round.extxyz").path
      try StructureFile.write(structures, to: path)
      let others = shapes.map { name, shape in
        (name, LabelKeys.Other(name, carrier: shape.carrier, components: shape.components))
      }
      let options = StructureFile.Options(
        keys: LabelKeys(others: Dictionary(uniqueKeysWithValues: others)))
      let set = try StructureFile.read(path, options: options)
      #expect(set.structures == structures)
      #expect(set.inventory.others.mapValues(\.structures) == shapes.mapValues { _ in 2 })
    }
  }

  @Test("values of atoms are columns, those of structures entries of the header", arguments: 1...3)
  func places(atoms: Int) throws {
    var structure = Structure(
      elements: [Element](repeating: .oxygen, count: atoms),
      positions: (0..<atoms).map { [Double($0), 0, 0] })
    structure.labels.others = [
      "q": .init(carrier: .atom, (0..<atoms).map { Double($0) - 1 }),
      "mu": .init(carrier: .structure, [1, 2, 3]), "gap": .init(carrier: .structure, [4]),
      "pos": .init(carrier: .structure, [7, 8]), "energy": .init(carrier: .structure, [1, 2, 3]),
    ]
    structure.info = ["mu": "old", "source": "here"]
    let text = String(decoding: ExtendedXYZ.text([structure]), as: UTF8.self)
    let lines = text.split(separator: "\n")
    #expect(
      lines[1]
        == "Properties=species:S:1:pos:R:3:q:R:1 gap=\"4.0\" mu=\"1.0 2.0 3.0\" pbc=\"F F F\" "
        + "source=here")
    for atom in 0..<atoms {
      #expect(lines[2 + atom] == "O \(Double(atom)) 0.0 0.0 \(Double(atom) - 1)")
    }
  }
}
