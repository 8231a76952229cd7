import Foundation

/// The files of a trajectory: frames, and beside them log and restart.
struct DynamicsFiles {
  let trajectory: String

  private var stem: URL { URL(fileURLWithPath: trajectory).deletingPathExtension() }

  /// The log, a row for each interval.
  var log: URL { stem.appendingPathExtension("csv") }

  /// What `--resume` goes on from.
  var restart: URL { stem.appendingPathExtension("restart") }

  /// The files that are there already.
  var present: [String] {
    [trajectory, log.path, restart.path].filter { FileManager.default.fileExists(atPath: $0) }
  }
}
