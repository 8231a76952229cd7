import Atomistic
import Foundation
import TestSupport
import Testing

@Suite("Trajectories that are gone on with")
struct TrajectoryWriterTests {
  @Test("a trajectory that has become shorter is refused")
  func shorter() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appendingPathComponent("frames").path
      let writer = try TrajectoryWriter(creating: path)
      try writer.append(ModelFixtures.molecule)
      #expect(throws: FormatError.self) {
        _ = try TrajectoryWriter(
          resuming: path, at: TrajectoryMark(byteCount: writer.mark.byteCount + 1))
      }
      #expect(throws: FormatError.self) {
        _ = try TrajectoryWriter(resuming: path + "2", at: TrajectoryMark(byteCount: 0))
      }
      #expect(throws: FormatError.self) { _ = try TrajectoryWriter(creating: path + "/none") }
    }
  }

  @Test("a trajectory of the same length with other frames is refused and left as it is")
  func otherContent() throws {
    try withTemporaryDirectory { folder in
      let file = folder.appendingPathComponent("frames")
      // A writer that has gone lets others have the file.
      let (mark, end) = try {
        let writer = try TrajectoryWriter(creating: file.path)
        for _ in 0..<3 { try writer.append(ModelFixtures.molecule) }
        let mark = writer.mark
        try writer.append(ModelFixtures.molecule)
        return (mark, writer.mark)
      }()
      let whole = try Data(contentsOf: file)
      var other = whole
      other[mark.byteCount / 2] ^= 1
      try other.write(to: file)
      let error = #expect(throws: FormatError.self) {
        _ = try TrajectoryWriter(resuming: file.path, at: mark)
      }
      #expect(error?.description.contains("other content in the first") == true)
      #expect(try Data(contentsOf: file) == other)
      // What comes behind the mark is cut off, whatever it is.
      try whole.write(to: file)
      let resumed = try TrajectoryWriter(resuming: file.path, at: mark)
      #expect(resumed.mark == mark)
      try resumed.append(ModelFixtures.molecule)
      #expect(resumed.mark == end)
      #expect(try Data(contentsOf: file) == whole)
    }
  }
}
