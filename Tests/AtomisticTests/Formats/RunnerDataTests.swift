import Atomistic
import Foundation
import TestSupport
import Testing

@Suite("RuNNer's input.data")
struct RunnerDataTests {
  static let bohr = "data/revpbe0-nnp/input.data"
  static let angstrom = "data/revpbe0-nnp/structures.extxyz"

  @Test(
    "agrees with the same structures in extended XYZ and other units",
    .enabled(if: SharedData.has(bohr, angstrom), "\(SharedData.absence)"))
  func sameStructures() throws {
    let atomic = try StructureFile.read(try #require(SharedData.path(Self.bohr)))
    let keys = LabelKeys(energy: "dft_energy", forces: "dft_forces")
    let metal = try StructureFile.read(
      try #require(SharedData.path(Self.angstrom)), options: .init(keys: keys))
    #expect(atomic.structures.count == 22 && metal.structures.count == 22)
    var compared = 0
    for (first, second) in zip(atomic.structures, metal.structures) {
      // The two structures without labels were converted with a bohr of ten digits.
      let isLabelled = first.name?.hasSuffix("label=none") == false
      let tolerance = isLabelled ? 1e-9 : 1e-6
      #expect(first.elements == second.elements)
      for (a, b) in zip(first.positions, second.positions) { #expect((a - b).length < tolerance) }
      let (one, other) = (try #require(first.cell), try #require(second.cell))
      #expect((one.vectors - other.vectors).frobeniusNorm < tolerance)
      guard isLabelled, let energy = second.labels.energy else { continue }
      #expect(abs(try #require(first.labels.energy) - energy) < 1e-6)
      let forces = try #require(second.labels.forces)
      for (a, b) in zip(try #require(first.labels.forces), forces) {
        #expect((a - b).length < 1e-9)
      }
      compared += 1
    }
    #expect(compared == 20)
  }

  @Test("reads ethylbenzene", .enabled(if: SharedData.has("data/ethylbenzene-nnp/input.data")))
  func ethylbenzene() throws {
    let path = try #require(SharedData.path("data/ethylbenzene-nnp/input.data"))
    let set = try StructureFile.read(path)
    #expect(set.structures.count == 1)
    #expect(set.structures[0].composition.keys.sorted() == [.hydrogen, .carbon])
  }

  @Test("writes what reads back", arguments: [UnitSystem.atomic, .standard])
  func roundTrip(units: UnitSystem) throws {
    try withTemporaryDirectory { folder in
      let path = folder.appending(path: "input.data").path
      let original = StructureFixtures.labelled(seed: 3)
      try RunnerData.write([original, original], to: path, units: units)
      let read = try RunnerData.read(path, units: units).structures
      #expect(read.count == 2)
      for (a, b) in zip(read[1].positions, original.positions) { #expect((a - b).length < 1e-13) }
      #expect(abs(read[1].labels.energy! - original.labels.energy!) < 1e-11)
      for (a, b) in zip(read[1].labels.forces!, original.labels.forces!) {
        #expect((a - b).length < 1e-14)
      }
      var unlabelled = original
      unlabelled.labels.forces = nil
      #expect(throws: FormatError.self) { try RunnerData.write([unlabelled], to: path) }
    }
  }

  static let atom = "atom 0 0 0 O 0 0 0 0 0"

  @Test(
    "damage is named with file and line",
    arguments: [
      ("atom 0 0 0\n", 1, "expected begin"), ("begin\n\(atom)\n", 2, "end of the file"),
      ("begin\nbegin\n", 2, "since begin is on line 1"), ("begin\nend\n", 2, "atom lines"),
      ("begin\nlattice 1 0 0\nlattice 0 1 0\n\(atom)\nend\n", 5, "three lattice lines"),
      ("begin\nlattice 1 0 0\nlattice 0 1 0\nlattice 1 1 0\n\(atom)\nend\n", 6, "span a volume"),
      ("begin\natom 0 0 0 O 0 0 0 0\n", 2, "9 or 12 fields"),
      ("begin\natom 0 0 0 Q 0 0 0 0 0\n", 2, "\"Q\""),
      ("begin\natom 0 0 0 O 0 0 0 0 inf\n", 2, "\"inf\""),
      ("begin\natom 0 0 0 O 0 0 0 0 1e300\n", 2, "force"),
      ("begin\n\(atom)\nenergy x\n", 3, "\"x\""), ("begin\nenergy 1\nenergy 2\n", 3, "one energy"),
      ("begin\nvolume 3\n", 2, "\"volume\""),
    ])
  func damage(text: String, line: Int, part: String) {
    let error = #expect(throws: FormatError.self) {
      try RunnerData.read(text: Array(text.utf8), file: "input.data")
    }
    #expect(error?.line == line)
    #expect(error?.description.hasPrefix("input.data, line \(line)") == true)
    #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
  }
}
