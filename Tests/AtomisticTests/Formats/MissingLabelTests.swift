import Atomistic
import Foundation
import TestSupport
import Testing

@Suite("Labels that say that there is none")
struct MissingLabelTests {
  static let cell = "Lattice=\"9 0 0 0 9 0 0 0 9\" Properties=species:S:1:pos:R:3:forces:R:3"

  static func frame(_ entries: String, force: String = "1 2 3") -> String {
    "2\n\(cell) \(entries)\nO 0 0 0 \(force)\nC 1.2 0 0 -1 -2 -3\n"
  }

  @Test(
    "are missing in extended XYZ, and counted under their keys",
    arguments: ["None", "nan", "NaN", "-nan", "null", "\"\"", "\"_JSON null\""])
  func extendedXYZ(word: String) throws {
    let set = try ExtendedXYZTests.read(
      Self.frame("energy=-1.5") + Self.frame("REF_energy=\(word) energy=-2 virial=\(word)"))
    #expect(set.structures.map(\.labels.energy) == [-1.5, nil])
    #expect(set.structures.allSatisfy { $0.labels.forces?.count == 2 })
    #expect(set.inventory.energy.keys == ["energy": 1])
    #expect(set.inventory.energy.missing == ["REF_energy": 1])
    #expect(set.inventory.stress.missing == ["virial": 1])
    #expect(
      set.inventory.remark
        == "said to be missing: energy 1 of 2 (REF_energy: 1), stress 1 of 2 (virial: 1); "
        + "not used: energy: 1")
  }

  @Test("forces of a frame are all there or all missing")
  func forces() throws {
    for force in ["nan nan nan", "1 nan 3", "None None None"] {
      let set = try ExtendedXYZTests.read(
        Self.frame("energy=1") + Self.frame("energy=2", force: force))
      #expect(set.structures.map { $0.labels.forces == nil } == [false, true])
      #expect(set.inventory.forces.keys == ["forces": 1])
      #expect(set.inventory.forces.missing == ["forces": 1])
    }
  }

  @Test("a stress that is not finite is missing, but an infinite energy is damage")
  func stresses() throws {
    for value in ["\"nan 0 0 0 1 0 0 0 1\"", "\"inf 0 0 0 inf 0 0 0 inf\"", "none"] {
      let set = try ExtendedXYZTests.read(Self.frame("stress=\(value) energy=1"))
      #expect(set.structures[0].labels.stress == nil && set.inventory.stress.missing.count == 1)
    }
    let other = try ExtendedXYZTests.read(Self.frame("stress=None virial=\"1 1 1 0 0 0\""))
    #expect(other.inventory.stress.keys == ["virial": 1] && other.inventory.stress.missing.isEmpty)
    #expect(throws: FormatError.self) { try ExtendedXYZTests.read(Self.frame("energy=inf")) }
  }

  @Test("a chosen key that is there, but says that there is no label, is no key that is missing")
  func chosenKey() throws {
    let set = try ExtendedXYZTests.read(Self.frame("e0=None"), .init(energyKey: "e0"))
    #expect(set.inventory.energy.missing == ["e0": 1])
  }

  @Test("further properties are missing likewise, in headers and columns")
  func others() throws {
    let text =
      "1\nProperties=species:S:1:pos:R:3:q:R:1 mu=\"1 nan 2\"\nO 0 0 0 1\n"
      + "1\nProperties=species:S:1:pos:R:3:q:R:1 mu=\"\"\nO 0 0 0 nan\n"
      + "1\nProperties=species:S:1:pos:R:3:q:R:1 mu=\"7 8 9\"\nO 0 0 0 2\n"
    let set = try OtherPropertyTests.read(
      text, ["dipole": OtherPropertyTests.dipole, "charge": OtherPropertyTests.charge])
    #expect(
      set.structures.map { $0.labels.others.mapValues(\.values) } == [
        ["charge": [1]], [:], ["charge": [2], "dipole": [7, 8, 9]],
      ])
    #expect(set.inventory.others["dipole"]?.missing == ["mu": 2])
    #expect(set.inventory.others["charge"]?.missing == ["q": 1])
  }

  @Test("are missing in input.data")
  func runnerData() throws {
    func structure(_ force: String, _ energy: String, _ stress: String = "") -> String {
      "begin\nlattice 20 0 0\nlattice 0 20 0\nlattice 0 0 20\n"
        + "atom 0 0 0 O 0 0 \(force)\natom 2.2 0 0 C 0 0 1 2 3\n\(stress)\(energy)\nend\n"
    }
    let text =
      structure("nan nan nan", "energy -1") + structure("1 1 1", "energy NaN")
      + structure("1 1 1", "energy", "stress nan 0 0\nstress 0 1 0\nstress 0 0 1\n")
    let set = try RunnerData.read(text: Array(text.utf8), file: "input.data", units: .atomic)
    #expect(set.structures.map { $0.labels.forces == nil } == [true, false, false])
    #expect(set.structures.map { $0.labels.energy == nil } == [false, true, true])
    #expect(set.structures.allSatisfy { $0.labels.stress == nil })
    #expect(set.inventory.energy.missing == ["energy": 2])
    #expect(set.inventory.forces.missing == ["atom": 1])
    #expect(set.inventory.stress.missing == ["stress": 1])
  }

  @Test("are missing in DeePMD's arrays")
  func deePMD() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appending(path: "system").path
      try DeePMDShapeTests.write(to: path, frames: 2)
      try NumpyArray(shape: [2], values: [.nan, -3]).write(to: path + "/set.000/energy.npy")
      try NumpyArray(shape: [2, 6], values: [1, 2, 3, 4, 5, 6, 1, 2, .nan, 4, 5, 6])
        .write(to: path + "/set.000/force.npy")
      try NumpyArray(shape: [2, 9], values: [Double](repeating: .nan, count: 18))
        .write(to: path + "/set.000/virial.npy")
      let set = try StructureFile.read(path)
      #expect(set.structures.map(\.labels.energy) == [nil, -3])
      #expect(set.structures.map { $0.labels.forces == nil } == [false, true])
      #expect(set.inventory.energy.missing == ["energy.npy": 1])
      #expect(set.inventory.forces.missing == ["force.npy": 1])
      #expect(set.inventory.stress.missing == ["virial.npy": 2])
    }
  }

  @Test("labels that are not asked for are neither read nor judged, in any format")
  func unread() throws {
    let text = Self.frame(
      "energy=lost stress=\"1 1 1 0 0 0\" virial=\"1 1 1 0 0 0\"", force: "much too large")
    var options = ExtendedXYZ.Options()
    options.labels = []
    let set = try ExtendedXYZTests.read(text, options)
    #expect(set.structures[0].labels == Labels() && set.structures[0].info.isEmpty)
    #expect(set.inventory.remark == nil)
    #expect(throws: FormatError.self) { try ExtendedXYZTests.read(text) }
    options.labels = .forces
    #expect(throws: FormatError.self) { try ExtendedXYZTests.read(text, options) }
    let data = "begin\natom 0 0 0 O 0 0 a b c\nenergy lost\nstress x\nend\n"
    let runner = try RunnerData.read(
      text: Array(data.utf8), file: "input.data", units: .atomic, labels: [])
    #expect(runner.structures[0].labels == Labels())
    try withTemporaryDirectory { folder in
      let path = folder.appending(path: "system").path
      try DeePMDShapeTests.write(to: path, frames: 2)
      try Data("no array".utf8).write(to: URL(fileURLWithPath: path + "/set.000/force.npy"))
      #expect(throws: FormatError.self) { try DeePMDSystem.read(path) }
      #expect(try DeePMDSystem.read(path, labels: .energy).structures.count == 2)
    }
  }
}
