import Atomistic
import Foundation

/// The place of a file of structures that is going to be written after long work.
enum OutputPlace {
  /// Refuses a place that cannot be written to, before any work is done for it.
  static func check(_ path: String, format: StructureFile.Format? = nil) throws(FormatError) {
    guard format != nil || StructureFile.formatOfName(path) != nil else {
      throw FormatError(
        file: path, expected: "a name that ends in .extxyz, .xyz or .data, or has no ending",
        found: "another")
    }
    try checkFolder(of: path)
  }

  /// Refuses a place in a folder that is not there or cannot be written to.
  static func checkFolder(of path: String) throws(FormatError) {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    guard FileManager.default.isWritableFile(atPath: folder) else {
      throw FormatError(
        file: path, expected: "a folder that can be written to",
        found: "none at \(folder)", advice: "make it first")
    }
  }
}
