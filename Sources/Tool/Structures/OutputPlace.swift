import Atomistic
import Foundation
import Tensors

/// The place of a file that is going to be written after long work.
enum OutputPlace {
  /// Refuses a place that cannot be written to or is one of the command's inputs, before any work is
  /// done for it.
  static func check(
    _ path: String, format: StructureFile.Format? = nil, inputs: [String] = []
  ) throws(FormatError) {
    guard format != nil || StructureFile.formatOfName(path) != nil else {
      throw FormatError(
        file: path, expected: "a name that ends in .extxyz, .xyz or .data, or has no ending",
        found: "another")
    }
    let isFolder = (format ?? StructureFile.formatOfName(path)) == .deePMD
    try checkFile(path, isFolder: isFolder, inputs: inputs)
  }

  /// Refuses a file that cannot be written to or is one of the command's inputs.
  static func checkFile(
    _ path: String, isFolder: Bool = false, inputs: [String] = []
  ) throws(FormatError) {
    if let input = inputs.first(where: { FilePlace.isSame($0, path) }) {
      throw FormatError(
        file: path, expected: "a file of its own",
        found: input == path ? "an input of the command" : "the input \(input)",
        advice: "name another one")
    }
    do throws(FileError) { try FilePlace.check(path, isFolder: isFolder) } catch {
      throw FormatError(error)
    }
  }
}
