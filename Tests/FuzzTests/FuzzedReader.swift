import Foundation
import Tensors

/// A damaged file.
struct FuzzInput {
  /// Its content.
  var bytes: [UInt8]
  /// The place of the whole file in the corpus.
  var entry: Int
  /// A folder for readers that want a file by its path, and for the whole files beside the damaged one.
  var folder: URL

  /// Writes the damaged file under a name and returns its place.
  func written(as name: String) throws -> URL {
    let file = folder.appendingPathComponent(name)
    try Data(bytes).write(to: file)
    return file
  }
}

/// A reader of files or messages, and the whole ones that damaged ones are made of.
struct FuzzedReader: Sendable {
  /// The name on the command line.
  let name: String
  let layout: FileLayout
  /// The number of inputs that a run of all tests can afford.
  let inputs: Int
  /// Makes whole files with the project's own writers; may leave files in the folder that go with them.
  let corpus: @Sendable (_ folder: URL) throws -> [[UInt8]]
  /// Reads, uses what was read, and throws for what is wrong.
  let read: @Sendable (FuzzInput) throws -> Void
}

/// All readers, one row each.
enum FuzzCatalogue {
  static let readers: [FuzzedReader] = structures + configurations + models + runs + messages

  /// A safetensors file without the checksum that the present formats have, in the format before, so that
  /// damage reaches what reads the content.
  static func unchecked(_ bytes: [UInt8]) -> [UInt8] {
    let layout = FileLayout.safeTensors
    guard let range = layout.header(of: bytes),
      var header = try? JSONSerialization.jsonObject(with: Data(bytes[range])) as? [String: Any],
      var metadata = header["__metadata__"] as? [String: String],
      metadata.removeValue(forKey: "checksum") != nil, let format = metadata["format"],
      let version = format.last?.wholeNumberValue
    else { return bytes }
    metadata["format"] = format.dropLast() + "\(version - 1)"
    header["__metadata__"] = metadata
    guard let text = try? JSONSerialization.data(withJSONObject: header, options: .sortedKeys)
    else { return bytes }
    var former = bytes
    layout.replaceHeader(range, of: &former, by: Array(text))
    return former
  }

  static func reader(_ name: String) -> FuzzedReader? { readers.first { $0.name == name } }
}
