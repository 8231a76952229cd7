import Atomistic
import Foundation
import TestSupport
import Testing

@Suite("Extended XYZ")
struct ExtendedXYZTests {
  static let water = "data/water-pbe0ts/water.extxyz"

  /// Reads a text as the file `test.xyz`.
  static func read(
    _ text: String, _ options: ExtendedXYZ.Options = .init()
  ) throws(FormatError) -> StructureSet {
    try ExtendedXYZ.read(text: Array(text.utf8), file: "test.xyz", options: options)
  }

  /// Two atoms with forces under a header.
  static func frame(
    _ header: String = """
    Lattice="5 0 0 0 5 0 0 0 5" Properties=species:S:1:pos:R:3:forces:R:3 energy=-1.5
    """, atoms: String = "O 0 0 0 1 2 3\nH 0.97 0 0 -1 -2 -3"
  ) -> String { "2\n\(header)\n\(atoms)\n" }

  @Test("reads 320 frames of water", .enabled(if: SharedData.has(water), "\(SharedData.absence)"))
  func realWater() throws {
    let set = try ExtendedXYZ.read(try #require(SharedData.path(Self.water)))
    #expect(set.structures.count == 320)
    #expect(set.structures.allSatisfy { $0.formula == "H128O64" })
    #expect(set.inventory.energy.keys == ["energy": 320])
    #expect(set.inventory.forces.keys == ["forces": 320])
    #expect(set.inventory.stress.structures == 0)
    let first = set.structures[0]
    #expect(first.labels.energy == -29943.90625)
    #expect(first.positions[0] == [7.538785934448242, 2.0562100410461426, 4.52073860168457])
    #expect(first.labels.forces?[3].z == -0.9964365363121033)
    #expect(first.cell?.vectors.x.x == 12.444661140441895)
    #expect(first.info["source"] == "data_0/set.000")
    let report = try DatasetSummary(set).report
    #expect(report.warnings.isEmpty && report.outliers.isEmpty, "\(report.warnings)")
    #expect(try #require(report.shortest).distance > 0.8)
    let check = try #require(UnitCheck(set.structures))
    #expect(check.low > 0.9 && check.high < 1.15)
  }

  @Test("writes what reads back bit by bit", arguments: 1...5)
  func roundTrip(seed: Int) throws {
    var structures = [StructureFixtures.labelled(seed: seed)]
    structures.append(StructureFixtures.water(molecules: 1, seed: seed))
    structures[1].cell = nil
    structures.append(StructureFixtures.labelled(seed: seed + 10))
    structures[2].labels = Labels(energy: 0)
    structures[2].velocities = nil
    structures[2].cell = structures[2].cell.map { Cell($0.vectors, periodicity: [.b]) }
    structures[2].labels.stress = nil
    try withTemporaryDirectory { folder in
      let path = folder.appending(path: "round.extxyz").path
      try StructureFile.write(structures, to: path)
      #expect(try StructureFile.read(path).structures == structures)
    }
  }

  @Test(
    "knows the customary keys, in any case",
    arguments: [
      ("energy", "forces"), ("REF_energy", "REF_forces"), ("TotEnergy", "force"),
      ("free_energy", "Forces"), ("dft_energy", "dft_force"),
    ])
  func aliases(energy: String, forces: String) throws {
    let set = try Self.read(
      Self.frame("pbc=\"F F F\" Properties=species:S:1:pos:R:3:\(forces):R:3 \(energy)=-1.5"))
    #expect(set.structures[0].labels.energy == -1.5)
    #expect(set.structures[0].labels.forces?[1] == [-1, -2, -3])
    #expect(set.inventory.energy.keys == [energy: 1])
    #expect(set.inventory.forces.keys == [forces: 1])
  }

  @Test("takes a reference before a calculator's result, and a chosen key before all")
  func precedence() throws {
    let text = Self.frame(
      """
      Properties=species:S:1:pos:R:3:mlip_forces:R:3 energy=-1 REF_energy=-2 mlip_energy=-3
      """)
    let set = try Self.read(text)
    #expect(set.structures[0].labels.energy == -2)
    #expect(set.structures[0].labels.forces == nil)
    #expect(set.inventory.ignored == ["energy": 1, "mlip_forces": 1])
    let chosen = try Self.read(text, .init(energyKey: "MLIP_energy", forceKey: "mlip_forces"))
    #expect(chosen.structures[0].labels.energy == -3)
    #expect(chosen.structures[0].labels.forces?[0] == [1, 2, 3])
    #expect(throws: FormatError.self) { try Self.read(text, .init(stressKey: "sigma")) }
  }

  @Test("stresses have the sign of tension, from nine or six numbers or from virials")
  func stress() throws {
    let cell = "Lattice=\"2 0 0 0 2 0 0 0 -2\" Properties=species:S:1:pos:R:3:forces:R:3"
    let expected = Matrix3([1, 6, 5], [6, 2, 4], [5, 4, 3])
    for entry in [
      "stress=\"1 6 5 6 2 4 5 4 3\"", "REF_stress=\"1 2 3 4 5 6\"", "stress={1 2 3 4 5 6}",
      "virial=\"-8 -48 -40 -48 -16 -32 -40 -32 -24\"", "virials=\"[-8,-16,-24,-32,-40,-48]\"",
      "stress=\"1 2 3 4 5 6\" virial=\"-8 -16 -24 -32 -40 -48\"",
    ] {
      let set = try Self.read(Self.frame("\(cell) \(entry)"))
      #expect(set.structures[0].labels.stress == expected, "\(entry)")
    }
    let clash = Self.frame("\(cell) stress=\"1 2 3 4 5 6\" virial=\"8 16 24 32 40 48\"")
    #expect(throws: FormatError.self) { try Self.read(clash) }
    let chosen = try Self.read(clash, .init(stressKey: "virial"))
    #expect(chosen.structures[0].labels.stress == expected * -1)
    let open = try Self.read(
      Self.frame("virial=\"1 2 3 4 5 6\" Properties=species:S:1:pos:R:3:f:R:3"))
    #expect(open.structures[0].labels.stress == nil)
    #expect(open.inventory.ignored["virial (no cell)"] == 1)
  }

  @Test("understands quotes, flags, other columns, line ends and blank lines")
  func dialects() throws {
    let text =
      "\u{FEFF}\n2\r\nlattice='5 0 0 0 5 0 0 0 0' pbc=[T,T,F] flag name=\"a \\\"b\\\"\" "
      + "properties=id:I:1:Z:I:1:tags:S:2:Pos:R:3\r\n1 8 a b 0 1D0 0\r\n2 1 a b 0.9 1 0\r\n\r\n \r\n"
    let structure = try Self.read(text).structures[0]
    #expect(structure.elements == [.oxygen, .hydrogen])
    #expect(structure.positions == [[0, 1, 0], [0.9, 1, 0]])
    #expect(structure.cell?.periodicity == [.a, .b])
    #expect(structure.cell?.vectors.z == [0, 0, 1])
    #expect(structure.name == "a \"b\"" && structure.info == ["flag": "T"])
    for flags in ["TTF", "\"1 1 0\"", "\"true True FALSE\"", "'.true. .true. .false.'"] {
      let set = try Self.read(
        Self.frame("pbc=\(flags) Lattice=\"5 0 0 0 5 0 0 0 5\"", atoms: "O 0 0 0\nH 1 0 0"))
      #expect(set.structures[0].cell?.periodicity == [.a, .b])
    }
    let plain = try Self.read("1\nE = 3, it's free\nAr 0 0 0\n").structures[0]
    #expect(plain.info == ["comment": "E = 3, it's free", "E": "3"] && plain.cell == nil)
  }

  @Test("numbers are the doubles nearest to their digits")
  func numbers() {
    var generator = StructureFixtures.Generator(seed: 4)
    var texts = ["0.1", "-0", "1e22", "123456789012345678901e-15", "9007199254740993", ".5", "7."]
    texts += ["4.9e-324", "2.2250738585072011e-308", "0.000000000000000000000000012345"]
    for _ in 0..<500 {
      let value = generator.uniform(-1...1) * pow(10, generator.uniform(-20...5))
      texts += ["\(value)", String(format: "%.12f", value), String(format: "%.16e", value)]
    }
    for text in texts {
      #expect(DecimalNumber.double(text)?.bitPattern == Double(text)?.bitPattern, "\(text)")
    }
    for text in ["", "-", ".", "e5", "1e", "1e+", "1.2.3", "0x1", "inf", "nan", "1e400", "1 "] {
      #expect(DecimalNumber.double(text) == nil, "\(text)")
    }
    #expect(DecimalNumber.integer("-12") == -12 && DecimalNumber.integer("1.0") == nil)
  }

  @Test(
    "damage is named with file and line",
    arguments: [
      ("2\nProperties=species:S:1:pos:R:3\nO 0 0 0\n", 3, "cut off"),
      ("3\n\nO 0 0 0\nH 1 0 0\n2\n", 5, "4 columns"),
      ("1\n\nO 0 0 0\nH 1 0 0\n", 4, "number of atoms"),
      ("1\n\nO 0 zero 0\n", 3, "\"zero\""), ("1\n\nO 0 nan 0\n", 3, "\"nan\""),
      ("1\n\nO 0 0x10 0\n", 3, "\"0x10\""), ("1\n\nO 0 1e400 0\n", 3, "\"1e400\""),
      ("1\n\nXx 0 0 0\n", 3, "\"Xx\""), ("1\n\nO 0 0\n", 3, "4 columns"),
      ("1\nenergy=1e300\nO 0 0 0\n", 2, "energy"),
      ("1\nProperties=species:S:1:pos:R:3:forces:R:3\nO 0 0 0 1e300 0 0\n", 3, "force"),
      ("1\nProperties=species:S:1:pos:R:2\nO 0 0\n", 2, "pos:R:3"),
      ("1\nProperties=species:S:1:forces:R:3\nO 0 0 0\n", 2, "pos:R:3"),
      ("1\nProperties=species:S:1:pos:R:99999999999999999999\nO 0 0 0\n", 2, "column count"),
      ("1\nLattice=\"1 0 0 0 1 0 0 0\"\nO 0 0 0\n", 2, "9 finite numbers"),
      ("1\nLattice=\"1 0 0 2 0 0 0 0 1\"\nO 0 0 0\n", 2, "span a volume"),
      ("1\nLattice=\"1 0 0 0 1 0 0 0 0\"\nO 0 0 0\n", 2, "span a volume"),
      ("1\nLattice=\"1 0 0 0 1 0 0 0 1\nO 0 0 0\n", 2, "closing \""),
      ("1\npbc=\"T T\" Lattice=\"1 0 0 0 1 0 0 0 1\"\nO 0 0 0\n", 2, "three flags"),
      ("1\npbc=\"T T T\"\nO 0 0 0\n", 2, "no Lattice"),
      ("1\nenergy=1 Energy=2\nO 0 0 0\n", 2, "each key once"),
      ("1\nlength_unit=furlong\nO 0 0 0\n", 2, "--length-unit"),
      ("999999999999999999\n\nO 0 0 0\n", 2, "cut off"), ("-1\n\n", 1, "number of atoms"),
      ("99999999999999999999\n\n", 1, "number of atoms"), ("hello", 1, "number of atoms"),
      ("1", 1, "comment line"),
    ])
  func damage(text: String, line: Int, part: String) {
    // Without Lattice and Properties a broken header is a free comment, so that it is kept whole.
    let header = text.replacing("1\nenergy=", with: "1\nProperties=species:S:1:pos:R:3 energy=")
    let error = #expect(throws: FormatError.self) { try Self.read(header) }
    #expect(error?.line == line)
    #expect(error?.description.hasPrefix("test.xyz, line \(line)") == true)
    #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
  }

  @Test("names files that are missing, empty, folders or compressed")
  func files() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appending(path: "packed.xyz").path
      try Data([0x1f, 0x8b, 8, 0, 0]).write(to: URL(fileURLWithPath: path))
      let packed = #expect(throws: FormatError.self) { try ExtendedXYZ.read(path) }
      #expect(packed?.description.contains("gunzip") == true)
      for path in ["/nonexistent.xyz", FileManager.default.temporaryDirectory.path] {
        let error = #expect(throws: FormatError.self) { try ExtendedXYZ.read(path) }
        #expect(error?.file == path)
      }
      #expect(throws: FormatError.self) { try Self.read("\n \n") }
    }
  }
}
