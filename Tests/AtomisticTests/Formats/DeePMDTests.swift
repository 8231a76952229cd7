import Atomistic
import Foundation
import TestSupport
import Testing

@Suite("DeePMD folders and NumPy arrays")
struct DeePMDTests {
  static func header(_ dictionary: String, version: UInt8 = 1) -> [UInt8] {
    let count = dictionary.utf8.count
    let length: [UInt8] =
      version == 1
      ? [UInt8(count & 255), UInt8(count >> 8)] : [UInt8(count & 255), UInt8(count >> 8), 0, 0]
    return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + Array(dictionary.utf8)
  }

  @Test("arrays read back from each version and type", arguments: [1, 2, 3] as [UInt8])
  func arrays(version: UInt8) throws {
    let array = NumpyArray(shape: [2, 3], values: [1, -2.5, 3e-300, 4, 5, 1.0 / 3])
    #expect(try NumpyArray(bytes: array.bytes, file: "a.npy") == array)
    #expect(array.bytes.count == 128 + 48)
    var bytes = Self.header(
      "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }\n", version: version)
    for value in [1.5, -2, 0.1] as [Float] { withUnsafeBytes(of: value) { bytes += $0 } }
    let single = try NumpyArray(bytes: bytes, file: "a.npy")
    #expect(single.shape == [3] && single.values == [1.5, -2, Double(Float(0.1))])
    var integers = Self.header(
      "{\"shape\": (2, 1), \"descr\": \"<i4\", \"fortran_order\": False}", version: version)
    for value in [-1, 7] as [Int32] { withUnsafeBytes(of: value) { integers += $0 } }
    #expect(try NumpyArray(bytes: integers, file: "a.npy").values == [-1, 7])
    for index in 0..<bytes.count {
      #expect(throws: FormatError.self) {
        try NumpyArray(bytes: Array(bytes[..<index]), file: "a.npy")
      }
    }
  }

  @Test(
    "unreadable arrays are refused",
    arguments: [
      "{'descr': '>f8', 'fortran_order': False, 'shape': (), }",
      "{'descr': '<f8', 'fortran_order': Perhaps, 'shape': (1,), }",
      "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }",
      "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999, 99999999999), }",
      "{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }", "{'descr': '<f8'}", "",
    ])
  func refused(dictionary: String) {
    let error = #expect(throws: FormatError.self) {
      try NumpyArray(
        bytes: Self.header(dictionary) + [UInt8](repeating: 0, count: 8), file: "a.npy")
    }
    #expect(error?.description.hasPrefix("a.npy") == true)
  }

  @Test("systems read back, one kind in a folder")
  func roundTrip() throws {
    var structures = (1...3).map { StructureFixtures.labelled(seed: $0) }
    for index in structures.indices {
      structures[index].velocities = nil
      structures[index].info = [:]
    }
    structures[2].cell = nil
    structures[2].labels.stress = nil
    try withTemporaryDirectory { folder in
      let path = folder.appending(path: "system").path
      try StructureFile.write(structures, to: path)
      let set = try StructureFile.read(path)
      #expect(set.inventory.stress.keys == ["virial.npy": 2])
      for (read, original) in zip(set.structures, structures) {
        #expect(read.elements == original.elements && read.positions == original.positions)
        #expect(read.cell == original.cell && read.labels.energy == original.labels.energy)
        #expect(read.labels.forces == original.labels.forces)
        let stress = read.labels.stress ?? .zero
        #expect((stress - (original.labels.stress ?? .zero)).frobeniusNorm < 1e-15)
      }
    }
  }

  @Test("mixed types and wrong shapes")
  func mixed() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appending(path: "mixed").path
      let set = path + "/set.000"
      try FileManager.default.createDirectory(atPath: set, withIntermediateDirectories: true)
      try "O\nH\nC\n".write(toFile: path + "/type_map.raw", atomically: true, encoding: .utf8)
      try "0\n0\n0\n".write(toFile: path + "/type.raw", atomically: true, encoding: .utf8)
      try "".write(toFile: path + "/nopbc", atomically: true, encoding: .utf8)
      let coordinates = (0..<18).map(Double.init)
      try NumpyArray(shape: [2, 9], values: coordinates).write(to: set + "/coord.npy")
      try NumpyArray(shape: [2, 3], values: [2, 1, -1, 0, 1, 1]).write(
        to: set + "/real_atom_types.npy")
      let structures = try StructureFile.read(path).structures
      #expect(structures[0].elements == [.carbon, .hydrogen])
      #expect(structures[1].elements == [.oxygen, .hydrogen, .hydrogen])
      #expect(structures[1].positions[2] == [15, 16, 17] && structures[0].labels == Labels())
      try NumpyArray(shape: [2, 6], values: Array(coordinates[..<12])).write(to: set + "/force.npy")
      let error = #expect(throws: FormatError.self) { try StructureFile.read(path) }
      #expect(error?.file.hasSuffix("set.000/force.npy") == true)
      try NumpyArray(shape: [2, 9], values: [.infinity] + coordinates[1...]).write(
        to: set + "/force.npy")
      let finite = #expect(throws: FormatError.self) { try StructureFile.read(path) }
      #expect(finite?.key == "frame 0")
      try FileManager.default.removeItem(atPath: set + "/coord.npy")
      #expect(throws: FormatError.self) { try StructureFile.read(path) }
    }
  }
}
