import Atomistic
import Foundation
import TestSupport
import Testing

@Suite("Further properties in extended XYZ")
struct OtherPropertyTests {
  static func read(
    _ text: String, _ others: [String: String]
  ) throws(FormatError) -> StructureSet {
    var options = ExtendedXYZ.Options()
    options.keys.others = others
    return try ExtendedXYZ.read(text: Array(text.utf8), file: "test.xyz", options: options)
  }

  static func frame(_ header: String, atoms: String = "O 0 0 0 -0.8\nH 0.97 0 0 0.4") -> String {
    "2\nProperties=species:S:1:pos:R:3:q:R:1 \(header)\n\(atoms)\n"
  }

  @Test(
    "an entry of the header holds any number of numbers",
    arguments: [
      "mu=\"1 -2 3.5\"", "MU={1 -2 3.5}", "mu=[1,-2,3.5]", "Mu='[[1, -2], [3.5]]'",
    ])
  func header(entry: String) throws {
    let set = try Self.read(Self.frame(entry), ["dipole": "mu"])
    #expect(set.structures[0].labels.others == ["dipole": [1, -2, 3.5]])
    let key = String(entry.prefix(2))
    #expect(set.inventory.others["dipole"]?.keys == [key: 1])
    #expect(set.structures[0].info.isEmpty && set.inventory.ignored == ["q": 1])
  }

  @Test("a column gives its values atom by atom; what is missing stays missing")
  func columns() throws {
    let text =
      Self.frame("gap=2") + "1\nProperties=species:S:1:pos:R:3:field:I:2\nO 0 0 0 7 -8\n"
      + "1\nProperties=species:S:1:pos:R:3\nO 0 0 0\n"
    let set = try Self.read(text, ["charge": "Q", "gap": "gap", "shift": "field"])
    #expect(
      set.structures.map(\.labels.others) == [
        ["charge": [-0.8, 0.4], "gap": [2]], ["shift": [7, -8]], [:],
      ])
    #expect(set.inventory.others.mapValues(\.structures) == ["charge": 1, "gap": 1, "shift": 1])
    #expect(set.inventory.others["charge"]?.keys == ["q": 1])
    #expect(set.inventory.ignored.isEmpty)
    #expect(set.inventory.description.contains("charge 1 of 3 (q: 1)"))
  }

  @Test("values are taken as they are, in whatever units the file is")
  func units() throws {
    let text = Self.frame("units=atomic mu=3")
    let set = try Self.read(text, ["dipole": "mu", "charge": "q"])
    #expect(set.structures[0].labels.others == ["dipole": [3], "charge": [-0.8, 0.4]])
    #expect(abs(set.structures[0].positions[1].x - 0.97 * Units.bohr) < 1e-12)
  }

  @Test(
    "faults are named with file, line and key",
    arguments: [
      (frame("mu=\"1 x\""), 2, "mu", "finite numbers"),
      (frame("mu=1", atoms: "O 0 0 0 1\nH 1 0 0 many"), 4, "q", "\"many\""),
      (frame("mu=1 q=1"), 2, "q", "an entry of the header and a column"),
      ("1\nProperties=species:S:1:pos:R:3:q:S:1 mu=1\nO 0 0 0 1\n", 2, "Properties", "q:R:1"),
      ("1\nProperties=species:S:1:pos:R:3:q:R:1:Q:R:2 mu=1\nO 0 0 0 1 1 1\n", 2, "Properties", "q"),
    ])
  func faults(text: String, line: Int, key: String, part: String) {
    let error = #expect(throws: FormatError.self) {
      try Self.read(text, ["dipole": "mu", "charge": "q"])
    }
    #expect(error?.file == "test.xyz" && error?.line == line && error?.key == key)
    #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
  }

  @Test("a key that no frame has is refused with its property, unless it is the property's name")
  func missingKey() throws {
    #expect(try Self.read(Self.frame("mu=1"), ["dipole": "dipole"]).inventory.others.isEmpty)
    let error = #expect(throws: FormatError.self) {
      try Self.read(Self.frame("mu=1"), ["dipole": "mu", "polarisability": "alpha"])
    }
    #expect(error?.key == "alpha" && error?.expected.contains("polarisability") == true)
  }

  @Test("what is written reads back to the same bits", arguments: 1...3)
  func roundTrip(seed: Int) throws {
    var structures = [
      StructureFixtures.labelled(seed: seed), StructureFixtures.labelled(seed: seed + 5),
      StructureFixtures.water(molecules: 1, seed: seed),
    ]
    for number in [0, 2] {
      let count = structures[number].count
      structures[number].labels.others = [
        "charge": (0..<count).map { 0.1 / Double($0 + seed) },
        "tensor": (0..<9 * count).map { 1 / Double($0 + 3) },
        "band gap": [1.5], "dipole": [0.1, -1e-7, .pi, 4],
      ]
    }
    let keys = ["charge", "tensor", "band gap", "dipole"].map { ($0, $0) }
    try withTemporaryDirectory { folder in
      let path = folder.appending(path: "round.extxyz").path
      try StructureFile.write(structures, to: path)
      let options = StructureFile.Options(
        keys: LabelKeys(others: Dictionary(uniqueKeysWithValues: keys)))
      let set = try StructureFile.read(path, options: options)
      #expect(set.structures == structures)
      #expect(
        set.inventory.others.mapValues(\.structures) == [
          "charge": 2, "tensor": 2, "band gap": 2, "dipole": 2,
        ])
    }
  }

  @Test("values of atoms are columns, others entries of the header")
  func places() throws {
    var structure = Structure(elements: [.oxygen, .hydrogen], positions: [.zero, [1, 0, 0]])
    structure.labels.others = [
      "q": [-1, 1], "mu": [1, 2, 3], "pos": [7, 8], "energy": [1, 2, 3],
    ]
    structure.info = ["mu": "old", "source": "here"]
    let text = String(decoding: ExtendedXYZ.text([structure]), as: UTF8.self)
    let lines = text.split(separator: "\n")
    #expect(
      lines[1]
        == "Properties=species:S:1:pos:R:3:q:R:1 mu=\"1.0 2.0 3.0\" pbc=\"F F F\" source=here")
    #expect(lines[2] == "O 0.0 0.0 0.0 -1.0" && lines[3] == "H 1.0 0.0 0.0 1.0")
  }
}
