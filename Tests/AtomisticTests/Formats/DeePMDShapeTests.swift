import Atomistic
import Foundation
import TestSupport
import Testing

@Suite("The shapes and types of DeePMD's arrays")
struct DeePMDShapeTests {
  /// Two atoms, O and H, in each of some frames; the names of other types may be anything.
  static func write(
    to path: String, frames: Int, map: String? = "O\nH\n", shape: [Int]? = nil
  ) throws {
    try FileManager.default.createDirectory(
      atPath: path + "/set.000", withIntermediateDirectories: true)
    if let map { try Data(map.utf8).write(to: URL(fileURLWithPath: path + "/type_map.raw")) }
    try Data("0\n1\n".utf8).write(to: URL(fileURLWithPath: path + "/type.raw"))
    try NumpyArray(shape: shape ?? [frames, 6], values: (0..<6 * frames).map(Double.init))
      .write(to: path + "/set.000/coord.npy")
    try NumpyArray(
      shape: [frames, 9],
      values: (0..<frames).flatMap { _ -> [Double] in [9, 0, 0, 0, 9, 0, 0, 0, 9] }
    ).write(to: path + "/set.000/box.npy")
  }

  @Test("vectors may have axes of their own, and one frame none", arguments: [1, 3])
  func shapes(frames: Int) throws {
    try withTemporaryDirectory { folder in
      let (flat, nested) = (folder.appending(path: "a").path, folder.appending(path: "b").path)
      try Self.write(to: flat, frames: frames)
      try Self.write(to: nested, frames: frames, shape: frames == 1 ? [6] : [frames, 2, 3])
      let cells: [Double] = (0..<frames).flatMap { _ in [9, 0, 0, 0, 9, 0, 0, 0, 9] }
      try NumpyArray(shape: frames == 1 ? [9] : [frames, 3, 3], values: cells)
        .write(to: nested + "/set.000/box.npy")
      try NumpyArray(shape: frames == 1 ? [] : [frames, 1], values: (0..<frames).map(Double.init))
        .write(to: nested + "/set.000/energy.npy")
      let (one, other) = (try StructureFile.read(flat), try StructureFile.read(nested))
      #expect(one.structures.map(\.positions) == other.structures.map(\.positions))
      #expect(one.structures.map(\.cell) == other.structures.map(\.cell))
      #expect(other.structures.map(\.labels.energy) == (0..<frames).map(Double.init))
    }
  }

  @Test("other shapes are refused", arguments: [[5], [3, 4], [2, 2, 2], []])
  func wrongShapes(shape: [Int]) throws {
    try withTemporaryDirectory { folder in
      let path = folder.appending(path: "system").path
      try Self.write(to: path, frames: 1)
      let count = shape.reduce(1, *)
      try NumpyArray(shape: shape, values: [Double](repeating: 0, count: count))
        .write(to: path + "/set.000/coord.npy")
      let error = #expect(throws: FormatError.self) { try StructureFile.read(path) }
      #expect(error?.file.hasSuffix("coord.npy") == true)
    }
  }

  @Test("the first axis may be the fastest")
  func fortranOrder() throws {
    let array = NumpyArray(shape: [2, 3, 2], values: (0..<12).map(Double.init))
    var bytes = DeePMDTests.header(
      "{'descr': '<f8', 'fortran_order': True, 'shape': (2, 3, 2), }\n")
    for last in 0..<2 {
      for middle in 0..<3 {
        for first in 0..<2 {
          withUnsafeBytes(of: Double(first * 6 + middle * 2 + last)) { bytes += $0 }
        }
      }
    }
    #expect(try NumpyArray(bytes: bytes, file: "a.npy") == array)
    let none = DeePMDTests.header("{'descr': '<f8', 'fortran_order': True, 'shape': (0, 3), }")
    #expect(try NumpyArray(bytes: none, file: "a.npy").values.isEmpty)
    let vast = DeePMDTests.header(
      "{'descr': '<f8', 'fortran_order': True, 'shape': (99999999999, 99999999999, 0), }")
    #expect(try NumpyArray(bytes: vast, file: "a.npy").values.isEmpty)
  }

  @Test(
    "integers have any width, with or without a sign",
    arguments: [("|u1", 1), ("<u2", 2), ("<i2", 2), ("<u4", 4), ("<u8", 8)])
  func integers(type: String, size: Int) throws {
    var bytes = DeePMDTests.header(
      "{'descr': '\(type)', 'fortran_order': False, 'shape': (2,), }\n")
    for value in [3, 200] as [UInt8] {
      bytes += [value] + [UInt8](repeating: 0, count: size - 1)
    }
    #expect(try NumpyArray(bytes: bytes, file: "a.npy").values == [3, 200])
  }

  @Test("a missing type map is asked for, and names that no atom has do not matter")
  func typeMap() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appending(path: "system").path
      try Self.write(to: path, frames: 1, map: nil)
      let missing = #expect(throws: FormatError.self) { try StructureFile.read(path) }
      #expect(missing?.file.hasSuffix("type_map.raw") == true)
      #expect(missing?.advice?.contains("one element a line") == true)
      try Self.write(to: path, frames: 1, map: "o\nH\nWall\n")
      #expect(try StructureFile.read(path).structures[0].elements == [.oxygen, .hydrogen])
      try Self.write(to: path, frames: 1, map: "O\nWall\n")
      let unknown = #expect(throws: FormatError.self) { try StructureFile.read(path) }
      #expect(unknown?.line == 2 && unknown?.found == "\"Wall\"")
    }
  }

  @Test("arrays that are not read are named")
  func otherArrays() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appending(path: "system").path
      try Self.write(to: path, frames: 3)
      try NumpyArray(shape: [3, 3], values: [Double](repeating: 0, count: 9))
        .write(to: path + "/set.000/dipole.npy")
      #expect(try StructureFile.read(path).inventory.remark == "not used: dipole.npy: 3")
    }
  }
}
