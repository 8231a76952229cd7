import Atomistic
import Foundation
import Tensors

/// The files of a trajectory: frames, and beside them log and restart.
struct DynamicsFiles {
  let trajectory: String

  private var stem: URL { URL(fileURLWithPath: trajectory).deletingPathExtension() }

  /// The log, a row for each interval.
  var log: URL { stem.appendingPathExtension("csv") }

  /// What `--resume` goes on from.
  var restart: URL { stem.appendingPathExtension("restart") }

  /// Refuses names that are not three files of their own, or of which one is an input.
  func check(inputs: [String] = []) throws(FormatError) {
    for other in [log.path, restart.path] where FilePlace.isSame(other, trajectory) {
      throw FormatError(
        file: trajectory, expected: "a name for frames that its log and its restart do not have",
        found: "that of \(URL(fileURLWithPath: other).lastPathComponent)",
        advice: "let it end in .extxyz")
    }
    let isStream = try of(trajectory) == .stream
    guard !isStream else {
      throw FormatError(
        file: trajectory, expected: "a file, which --resume can go on with",
        found: "a device or a pipe", advice: "name a file")
    }
    for path in [trajectory, log.path, restart.path] {
      try OutputPlace.checkFile(path, inputs: inputs)
    }
  }

  private func of(_ path: String) throws(FormatError) -> FilePlace {
    do throws(FileError) { return try FilePlace.of(path) } catch { throw FormatError(error) }
  }

  /// The files that are there already.
  var present: [String] {
    [trajectory, log.path, restart.path].filter { FileManager.default.fileExists(atPath: $0) }
  }
}
