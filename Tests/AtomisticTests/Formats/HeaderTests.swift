import Atomistic
import Foundation
import TestSupport
import Testing

@Suite("Comment lines of many programs")
struct HeaderTests {
  static func read(
    _ header: String, _ options: ExtendedXYZ.Options = .init()
  ) throws(FormatError) -> StructureSet {
    try ExtendedXYZTests.read("2\n\(header)\nO 0 0 0\nH 0.97 0 0\n", options)
  }

  static let columns = "Properties=species:S:1:pos:R:3"

  @Test(
    "blanks around the equals sign change nothing",
    arguments: [
      "Lattice = \"5 0 0 0 6 0 0 0 7\" Properties = species:S:1:pos:R:3 energy = -1.5 step = 3",
      "Lattice= \"5 0 0 0 6 0 0 0 7\" Properties= species:S:1:pos:R:3 energy= -1.5 step= 3",
      "Lattice =\"5 0 0 0 6 0 0 0 7\" Properties =species:S:1:pos:R:3 energy =-1.5 step =3",
      "energy = -1.5, Lattice = [5,0,0,0,6,0,0,0,7], step = 3,",
    ])
  func blanks(header: String) throws {
    let structure = try Self.read(header).structures[0]
    #expect(structure.cell == Cell(Matrix3([5, 0, 0], [0, 6, 0], [0, 0, 7])))
    #expect(structure.labels.energy == -1.5 && structure.info == ["step": "3"])
  }

  @Test("an empty value does not swallow the key behind it")
  func emptyValues() throws {
    let set = try Self.read("\(Self.columns) config_type= step=12 note=")
    #expect(set.structures[0].info == ["config_type": "", "step": "12", "note": ""])
    // ASE would: the writer leaves such values out.
    var structure = set.structures[0]
    structure.name = ""
    let text = String(decoding: ExtendedXYZ.text([structure]), as: UTF8.self)
    #expect(text.split(separator: "\n")[1] == "\(Self.columns) pbc=\"F F F\" step=12")
  }

  @Test("pairs in a free comment are kept beside it, a label among them is read")
  func freeComments() throws {
    let structure = try Self.read("energy=-7.5 relaxed (run = 3)").structures[0]
    #expect(structure.labels.energy == -7.5)
    #expect(structure.info["comment"] == "energy=-7.5 relaxed (run = 3)")
    let broken = try Self.read("a=1 \"open")
    #expect(broken.structures[0].info == ["comment": "a=1 \"open"])
    #expect(broken.inventory.ignored == ["comment": 1])
    #expect(throws: FormatError.self) { try Self.read("Lattice = \"open") }
  }

  @Test("a unit behind an energy is not passed over")
  func unitBehindEnergy() throws {
    #expect(try Self.read("energy = -7.5 eV").structures[0].labels.energy == -7.5)
    let error = #expect(throws: FormatError.self) { try Self.read("energy = -7.5 Hartree") }
    #expect(error?.key == "energy" && error?.advice?.contains("energy_unit=") == true)
  }

  @Test("CP2K's energy is named, with the option that makes it one, and never taken for one")
  func cp2k() throws {
    let header = " i =        5, time =        2.500, E =       -17.25"
    let set = try Self.read(header)
    #expect(set.structures[0].labels.energy == nil)
    #expect(set.structures[0].info == ["i": "5", "time": "2.500", "E": "-17.25"])
    #expect(set.inventory.ignored == ["E": 1] && set.inventory.kept == ["i": 1, "time": 1])
    #expect(set.inventory.remark?.contains("--energy-key") == true)
    let units = UnitSystem(length: .angstrom, energy: .hartree)
    let chosen = try Self.read(header, .init(energyKey: "E", units: units))
    #expect(chosen.structures[0].labels.energy == -17.25 * Units.hartree)
    #expect(chosen.inventory.remark == nil)
  }

  @Test("what has no meaning may come twice; what has one must not contradict itself")
  func twice() throws {
    let set = try Self.read("\(Self.columns) T=300 t=12.5 a=1 a=1 b=1 b=2 energy=1 Energy=1.0")
    let structure = set.structures[0]
    #expect(structure.info == ["T": "300", "t": "12.5", "a": "1", "b": "1"])
    #expect(structure.labels.energy == 1 && set.inventory.ignored == ["b (a second time)": 1])
    for header in ["energy=1 energy=2", "pbc=F pbc=T", "stress=\"1 2 3 0 0 0\" Stress=none"] {
      let error = #expect(throws: FormatError.self) { try Self.read("\(Self.columns) \(header)") }
      #expect(error?.expected == "each key once, or with one value", "\(header)")
    }
    let keys = ExtendedXYZ.Options(energyKey: "E")
    let chosen = try Self.read("E=1 e=2", keys)
    #expect(chosen.structures[0].labels.energy == 1)
    #expect(chosen.structures[0].info == ["e": "2"] && chosen.inventory.ignored == ["e": 1])
  }

  @Test("values that ASE writes as JSON are numbers, flags and matrices")
  func json() throws {
    let structure = try Self.read(
      "\(Self.columns) Lattice=\"_JSON [[5, 0, 0], [0, 6, 0], [0, 0, 7]]\" "
        + "energy=\"_JSON -470.5\" stress=\"_JSON [[1, 6, 5], [6, 2, 4], [5, 4, 3]]\" "
        + "pbc=\"_JSON [true, true, true]\" tags=\"_JSON {\\\"a\\\": 1}\""
    ).structures[0]
    #expect(structure.labels.energy == -470.5)
    #expect(structure.labels.stress == Matrix3([1, 6, 5], [6, 2, 4], [5, 4, 3]))
    #expect(structure.cell?.vectors == Matrix3([5, 0, 0], [0, 6, 0], [0, 0, 7]))
    #expect(structure.info == ["tags": "_JSON {\"a\": 1}"])
  }

  @Test(
    "a dictionary of units says the units",
    arguments: [
      (#"{"energy": "eV", "forces": "ev/Ang", "stress": "ev/Ang^3"}"#, UnitSystem.standard),
      (#"{"energy": "Hartree", "forces": "hartree/bohr"}"#, .atomic),
      (#"{"energy": "hartree", "positions": "bohr", "time": "fs"}"#, .atomic),
      (
        #"{"energy": "kcal/mol", "forces": "kcal/mol/Angstrom"}"#,
        UnitSystem(length: .angstrom, energy: .kilocaloriePerMole)
      ),
    ])
  func dictionaries(text: String, units: UnitSystem) throws {
    let escaped = text.replacing("\"", with: "\\\"")
    let structure = try Self.read("\(Self.columns) units=\"_JSON \(escaped)\" energy=2").structures[
      0]
    #expect(structure.labels.energy == 2 * units.energyFactor)
    #expect(structure.positions[1].x == 0.97 * units.lengthFactor)
  }

  @Test(
    "a dictionary of other units, or of units that contradict each other, is refused",
    arguments: [
      #"{"energy": "Ry"}"#, #"{"energy": "eV", "forces": "hartree/bohr"}"#,
      #"{"positions": "nm", "energy": "eV"}"#,
    ])
  func unknownUnits(text: String) {
    let escaped = text.replacing("\"", with: "\\\"")
    let error = #expect(throws: FormatError.self) {
      try Self.read("\(Self.columns) units=\"_JSON \(escaped)\" energy=2")
    }
    #expect(error?.key == "units" && error?.advice?.contains("--length-unit") == true)
  }

  @Test(
    "i-PI's cell is read in its units",
    arguments: [("angstrom", 1.0), ("atomic_unit", Units.bohr)],
    [("angstrom", 1.0), ("bohr", Units.bohr)])
  func ipi(cell: (String, Double), positions: (String, Double)) throws {
    let structure = try Self.read(
      "# CELL(abcABC):    7.00000    8.00000    9.00000   90.00000  100.00000   80.00000  "
        + "Step:  12  Bead:   1 positions{\(positions.0)}  cell{\(cell.0)}"
    ).structures[0]
    #expect(abs(structure.positions[1].x - 0.97 * positions.1) < 1e-15)
    #expect(structure.info == ["Step": "12", "Bead": "1"])
    let vectors = try #require(structure.cell).vectors
    #expect(structure.cell?.periodicity == .all)
    let lengths = (0..<3).map { vectors[$0].length / cell.1 }
    for (length, expected) in zip(lengths, [7.0, 8, 9]) { #expect(abs(length - expected) < 1e-12) }
    for (a, b, degrees) in [(1, 2, 90.0), (0, 2, 100), (0, 1, 80)] {
      let cosine = vectors[a].dot(vectors[b]) / (vectors[a].length * vectors[b].length)
      #expect(abs(cosine - cos(degrees * .pi / 180)) < 1e-12)
    }
    #expect(vectors.x.y == 0 && vectors.x.z == 0 && vectors.y.z == 0)
  }

  @Test("a cell of i-PI without a unit or in another form, and other quantities, are refused")
  func ipiFaults() throws {
    let numbers = "7 8 9 90 90 90"
    for (line, word) in [
      ("# CELL(abcABC): \(numbers) Step: 0 Bead: 0", "--length-unit"),
      ("# CELL(abcABC): \(numbers) positions{nanometer} cell{nanometer}", "angstrom"),
      ("# CELL(abcABC): \(numbers) velocities{atomic_unit} cell{angstrom}", "positions"),
      ("# CELL(abcABC): 7 8 9 90 90 positions{angstrom}", "three angles"),
      ("# CELL(abcABC): 7 8 9 20 90 150 positions{angstrom} cell{angstrom}", "span a volume"),
      ("# CELL{H}: 7 0 0 0 8 0 0 0 9 positions{angstrom} cell{angstrom}", "Lattice"),
    ] {
      let error = #expect(throws: FormatError.self) { try Self.read(line) }
      #expect(error?.description.contains(word) == true, "\(error?.description ?? "")")
    }
    let atomic = try Self.read(
      "# CELL(abcABC): \(numbers) Step: 0 Bead: 0", .init(units: .atomic)
    ).structures[0]
    #expect(atomic.cell?.vectors.x.x == 7 * Units.bohr)
  }
}
