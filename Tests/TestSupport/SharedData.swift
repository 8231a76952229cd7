public import Foundation

/// Data beside the checkout that is too large or too foreign to be part of it.
///
/// It lies in a folder `shared` next to some parent folder of the tests; tests that need it ask
/// with `.enabled(if: SharedData.has(...), SharedData.absence)`.
public enum SharedData {
  /// Why tests are skipped where the data is absent.
  public static let absence = "the folder of shared data is not beside this checkout"

  /// The folder `shared` found by walking up from this file, or nil.
  public static let folder: URL? = {
    var place = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    while place.path != "/" {
      place.deleteLastPathComponent()
      let candidate = place.appendingPathComponent("shared")
      if FileManager.default.fileExists(atPath: candidate.path) { return candidate }
    }
    return nil
  }()

  /// The path of a file below the folder, such as `data/revpbe0-nnp/input.nn`, or nil.
  public static func path(_ name: String) -> String? {
    guard let path = folder?.appendingPathComponent(name).path,
      FileManager.default.fileExists(atPath: path)
    else { return nil }
    return path
  }

  /// Whether all of these files are there.
  public static func has(_ names: String...) -> Bool { names.allSatisfy { path($0) != nil } }
}
