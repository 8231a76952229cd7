import Atomistic
import Foundation
import TestSupport
import Testing

@Suite("Columns of extended XYZ")
struct ColumnTests {
  static func read(
    _ columns: String, _ rows: String..., header: String = "",
    _ change: (inout ExtendedXYZ.Options) -> Void = { _ in }
  ) throws(FormatError) -> StructureSet {
    var options = ExtendedXYZ.Options()
    change(&options)
    return try ExtendedXYZTests.read(
      "\(rows.count)\nProperties=\(columns) \(header)\n\(rows.joined(separator: "\n"))\n", options)
  }

  @Test("symbols have any case", arguments: [("o", 8), ("CL", 17), ("h", 1), ("na", 11)])
  func symbols(name: String, number: Int) throws {
    let element = try ExtendedXYZTests.read("1\n\n\(name) 0 0 0\n").structures[0].elements[0]
    #expect(element.number == number)
    let data = "begin\natom 0 0 0 \(name) 0 0 0 0 0\nend\n"
    let runner = try RunnerData.read(text: Array(data.utf8), file: "input.data", units: .atomic)
    #expect(runner.structures[0].elements[0].number == number)
  }

  @Test("columns that say the same are read once")
  func twins() throws {
    let set = try Self.read(
      "species:S:1:Z:I:1:numbers:I:1:pos:R:3:positions:R:3:forces:R:3:Forces:R:3",
      "O 8 8 0 1 2 0.0 1.0 2.0 1 1 nan 1 1 NaN", "h 1 1 1 1 2 1 1 2 1 1 1 1 1 1")
    #expect(set.structures[0].elements == [.oxygen, .hydrogen])
    #expect(set.inventory.ignored.isEmpty && set.inventory.forces.missing == ["forces": 1])
  }

  @Test(
    "columns that contradict each other are refused with frame and atom",
    arguments: [
      ("species:S:1:pos:R:3:Z:I:1", "H 0 0 0 1", "C 1 0 0 1", "species of atom 2, frame 1"),
      ("Z:I:1:numbers:I:1:pos:R:3", "8 6 0 0 0", "8 8 1 0 0", "species of atom 1, frame 1"),
      ("species:S:1:pos:R:3:Pos:R:3", "O 0 0 0 0 0 0", "O 1 0 0 1 0 1", "pos and Pos of atom 2"),
      (
        "species:S:1:pos:R:3:force:R:3:force:R:3", "O 0 0 0 1 1 1 1 1 1", "O 1 0 0 1 1 1 1 1 2",
        "force of atom 2"
      ),
    ])
  func contradictions(columns: String, first: String, second: String, words: String) {
    let error = #expect(throws: FormatError.self) {
      try ExtendedXYZTests.read(
        "1\n\nO 0 0 0\n2\nProperties=\(columns)\n\(first)\n\(second)\n")
    }
    #expect(error?.key?.hasPrefix(words) == true, "\(error?.description ?? "")")
    #expect(error?.expected == "columns that agree")
  }

  @Test("a trajectory names the frame of a contradiction")
  func frames() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appending(path: "t.xyz").path
      let head = "1\nProperties=species:S:1:pos:R:3:Z:I:1\n"
      try Data("\(head)O 0 0 0 8\n\(head)O 0 0 0 8\n\(head)O 0 0 0 7\n".utf8)
        .write(to: URL(fileURLWithPath: path))
      let trajectory = try Trajectory(path)
      let error = #expect(throws: FormatError.self) { try trajectory.forEach(in: 0..<3) { _ in } }
      #expect(error?.key?.contains("frame 2") == true && error?.line == 9)
    }
  }

  @Test("columns that are not needed may have any type, and come twice")
  func unneeded() throws {
    let set = try Self.read(
      "species:S:1:Z:R:1:pos:R:3:tags:I:1:tags:I:1", "O 8.0 0 0 0 1 2", "H x 1 0 0 1 2")
    #expect(set.structures[0].elements == [.oxygen, .hydrogen])
    #expect(set.inventory.ignored == ["Z": 1, "tags": 1])
  }

  @Test(
    "a plain file with more columns is asked for their names",
    arguments: [
      ("O 0 0 0 1 2 3", "pos:R:3:forces:R:3"), ("O 0 0 0 0.5", "pos:R:3:NAME:R:1"),
      ("O 0 0 0 a b", "pos:R:3:NAME:S:2"),
    ])
  func withoutProperties(row: String, words: String) {
    let error = #expect(throws: FormatError.self) {
      try ExtendedXYZTests.read("1\nTotEnergy=-3\n\(row)\n")
    }
    #expect(error?.expected.contains("no Properties") == true)
    #expect(error?.advice?.contains("add to the comment line Properties=") == true)
    #expect(error?.advice?.contains(words) == true, "\(error?.advice ?? "")")
  }

  @Test("ASE's momenta become velocities")
  func momenta() throws {
    let set = try Self.read("species:S:1:pos:R:3:momenta:R:3", "Ar 0 0 0 0.5 -0.2 0.1")
    let velocity = try #require(set.structures[0].velocities?[0])
    // ASE 3.23: Atoms.get_velocities() times ase.units.fs.
    for (axis, expected) in [0.00122944, -0.00049177, 0.00024589].enumerated() {
      #expect(abs(velocity[axis] - expected) < 1e-8)
    }
    let heavy = try Self.read(
      "species:S:1:pos:R:3:masses:R:1:momenta:R:3", "Ar 0 0 0 79.896 0.5 -0.2 0.1")
    #expect(abs(try #require(heavy.structures[0].velocities?[0].x) - velocity.x / 2) < 1e-9)
    #expect(set.inventory.ignored.isEmpty && heavy.inventory.ignored.isEmpty)
    let atomic = try Self.read(
      "species:S:1:pos:R:3:momenta:R:3", "Ar 0 0 0 0.5 -0.2 0.1", header: "units=atomic")
    #expect(atomic.structures[0].velocities == nil)
    #expect(atomic.inventory.ignored == ["momenta (no unit)": 1])
  }

  @Test("velocities without a unit are refused where they are needed, and named elsewhere")
  func unitsOfVelocities() throws {
    let columns = "species:S:1:pos:R:3:vel:R:3"
    let row = "Ar 0 0 0 1 2 -4"
    let unused = try Self.read(columns, row)
    #expect(unused.structures[0].velocities == nil)
    #expect(unused.inventory.ignored == ["vel (no unit)": 1])
    let error = #expect(throws: FormatError.self) {
      try Self.read(columns, row) { $0.needsVelocities = true }
    }
    #expect(error?.key == "vel" && error?.advice?.contains("--velocity-unit") == true)
    let chosen = try Self.read(columns, row) {
      $0.needsVelocities = true
      $0.velocityUnit = .angstromPerPicosecond
    }
    #expect(chosen.structures[0].velocities == [[1e-3, 2e-3, -4e-3]])
    let named = try Self.read(columns, row, header: "velocity_unit=angstrom/fs") {
      $0.needsVelocities = true
    }
    #expect(named.structures[0].velocities == [[1, 2, -4]])
    // As GPUMD's dump_exyz writes it; LAMMPS has a time step, and a unit that nothing names.
    let matrix = "\"1 0 0 0 1 0 0 0 1\""
    let header = "Time=1.0 energy=-1 virial=\(matrix) stress=\(matrix)"
    let dump = try Self.read(columns, row, header: header) {
      ($0.needsVelocities, $0.labels) = (true, [])
    }
    #expect(dump.structures[0].velocities == [[1, 2, -4]])
    #expect(throws: FormatError.self) {
      try Self.read(columns, row, header: "Timestep=1 \(header)") {
        ($0.needsVelocities, $0.labels) = (true, [])
      }
    }
    let atomic = try Self.read(columns, row) { $0.velocityUnit = .atomic }
    // CODATA 2018: the atomic unit of velocity is 2.18769126364e6 m/s.
    #expect(abs(try #require(atomic.structures[0].velocities?[0].x) - 21.8769126364) < 1e-9)
    #expect(throws: FormatError.self) { try Self.read(columns, row, header: "velocity_unit=m/s") }
  }
}
