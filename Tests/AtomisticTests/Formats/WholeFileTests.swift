import Foundation
import TestSupport
import Testing

@testable import Atomistic

@Suite("Files that are cut off, and files that are pipes")
struct WholeFileTests {
  @Test("a last line without an end is refused, wherever the cut is")
  func extendedXYZ() throws {
    let text =
      "2\nProperties=species:S:1:pos:R:3:forces:R:3\nO 0 0 0 1 2 3\nH 0.97 0 0 1.25 2.5 3.125\n"
    #expect(try ExtendedXYZTests.read(text).structures.count == 1)
    #expect(try ExtendedXYZTests.read(text + " \n  ").structures.count == 1)
    for count in 1..<text.utf8.count {
      #expect(throws: FormatError.self) { try ExtendedXYZTests.read(String(text.prefix(count))) }
    }
    let error = #expect(throws: FormatError.self) {
      try ExtendedXYZTests.read(String(text.dropLast(3)))
    }
    #expect(error?.line == 4 && error?.advice?.contains("add a newline") == true)
    try withTemporaryDirectory { folder in
      let path = folder.appending(path: "t.xyz").path
      try Data((text + text.dropLast(2)).utf8).write(to: URL(fileURLWithPath: path))
      let trajectory = try Trajectory(path)
      let cut = #expect(throws: FormatError.self) { try trajectory.forEach(in: 0..<2) { _ in } }
      #expect(cut?.line == 8 && cut?.advice == error?.advice)
    }
  }

  @Test("a structure of input.data is whole when its end is there")
  func runnerData() throws {
    let text = "begin\natom 0 0 0 O 0 0 0 0 0\nenergy -17.25\nend"
    for end in ["", "\n"] {
      let bytes = Array((text + end).utf8)
      let set = try RunnerData.read(text: bytes, file: "input.data", units: .atomic)
      #expect(set.structures[0].labels.energy == -17.25 * Units.hartree)
    }
    for count in 1..<text.utf8.count {
      #expect(throws: FormatError.self) {
        try RunnerData.read(
          text: Array(text.utf8.prefix(count)), file: "input.data", units: .atomic)
      }
    }
  }

  @Test(
    "the files of n2p2 need an end", arguments: ["input.nn", "scaling.data", "weights.008.data"])
  func n2p2(name: String) throws {
    try withTemporaryDirectory { folder in
      let potential = try N2P2Fixture.potential()
      try potential.write(to: folder)
      #expect(try N2P2Potential(directory: folder).elements == potential.elements)
      let file = folder.appending(path: name)
      let text = try String(contentsOf: file, encoding: .utf8)
      for cut in [1, 2] {
        try Data(text.dropLast(cut).utf8).write(to: file)
        let error = #expect(throws: FormatError.self) { try N2P2Potential(directory: folder) }
        #expect(error?.file.hasSuffix(name) == true)
        #expect(
          error?.line == text.split(separator: "\n", omittingEmptySubsequences: false).count - 1)
        #expect(error?.advice?.contains("add a newline") == true)
      }
    }
  }

  @Test("the lists of DeePMD need an end", arguments: ["type.raw", "type_map.raw"])
  func deePMD(name: String) throws {
    try withTemporaryDirectory { folder in
      let path = folder.appending(path: "system").path
      try DeePMDShapeTests.write(to: path, frames: 1)
      let file = folder.appending(path: "system/\(name)")
      let text = try String(contentsOf: file, encoding: .utf8)
      try Data(text.dropLast().utf8).write(to: file)
      let error = #expect(throws: FormatError.self) { try StructureFile.read(path) }
      #expect(error?.file == file.path && error?.line == 2)
    }
  }

  @Test("a pipe is read once: its format, its structures and its frames")
  func pipes() throws {
    let water = (1...3).map { StructureFixtures.labelled(seed: $0) }
    let data = Data(ExtendedXYZ.text(water))
    func withPipe(_ body: (String) throws -> Void) throws {
      let pipe = Pipe()
      let writer = Thread {
        try? pipe.fileHandleForWriting.write(contentsOf: data)
        try? pipe.fileHandleForWriting.close()
      }
      writer.start()
      try body("/dev/fd/\(pipe.fileHandleForReading.fileDescriptor)")
    }
    try withPipe { path in
      let read = try StructureFile.read(path).structures
      #expect(read == water)
    }
    try withPipe { path in
      let trajectory = try Trajectory(path)
      var frames: [Structure] = []
      try trajectory.forEach(in: 0..<2) { frames.append($0) }
      try trajectory.forEach(in: 2..<3) { frames.append($0) }
      #expect(trajectory.count == 3 && frames == water)
    }
  }

  @Test("data that is no text is refused after its first bytes")
  func endlessData() throws {
    for format in [nil, StructureFile.Format.extendedXYZ] {
      #expect(throws: FormatError.self) {
        try StructureFile.read("/dev/zero", options: .init(format: format))
      }
    }
  }
}
