import Foundation

/// Reference data beside the checkout, which is not part of it.
///
/// Tests that need it are enabled only where it is found:
/// `.enabled(if: SharedData.isPresent, "reference data beside the checkout is absent")`.
public enum SharedData {
  /// The folder, or `nil` where there is none: a sibling called `shared` of a parent of this file.
  public static let folder: URL? = {
    var directory = URL(filePath: #filePath)
    while directory.pathComponents.count > 1 {
      directory.deleteLastPathComponent()
      let candidate = directory.appending(path: "shared")
      if FileManager.default.fileExists(atPath: candidate.appending(path: "reference").path) {
        return candidate
      }
    }
    return nil
  }()

  /// Whether the folder is there.
  public static var isPresent: Bool { folder != nil }

}

extension SharedData {
  /// The address of a file or folder, such as `data/revpbe0-nnp`.
  public static func url(_ path: String) -> URL {
    guard let folder else { preconditionFailure("SharedData: no folder beside the checkout") }
    return folder.appending(path: path)
  }

  /// The contents of a JSON file.
  public static func json(_ path: String) throws -> JSONTree {
    JSONTree(try JSONSerialization.jsonObject(with: Data(contentsOf: url(path))))
  }
}
