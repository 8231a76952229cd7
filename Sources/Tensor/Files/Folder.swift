import Glibc

/// Folders that are made and removed.
package enum Folder {
  /// Makes a folder and those around it, where they are missing.
  package static func make(_ path: String) throws(FileError) {
    let expected = "a folder that can be made"
    if mkdir(path, 0o777) == 0 { return }
    var code = errno
    if code == ENOENT, !path.isEmpty {
      let parent = FilePlace.folder(of: trimmed(path))
      guard parent != path, parent != "." else {
        throw FileError(path, expected: expected, code: code)
      }
      try make(parent)
      if mkdir(path, 0o777) == 0 { return }
      code = errno
    }
    var status = stat()
    if stat(path, &status) == 0 {
      if status.st_mode & S_IFMT == S_IFDIR { return }
      throw FileError(
        path, expected: expected, found: "a file of this name", advice: "name another place")
    }
    throw FileError(path, expected: expected, code: code)
  }

  /// Removes a file, or a folder that is empty; without one it does nothing.
  package static func remove(_ path: String) throws(FileError) {
    guard Glibc.remove(path) != 0, errno != ENOENT else { return }
    throw FileError(path, expected: "a file or an empty folder that can be removed")
  }

  /// The path without slashes at its end.
  private static func trimmed(_ path: String) -> String {
    var path = path[...]
    while path.count > 1, path.hasSuffix("/") { path = path.dropLast() }
    return String(path)
  }
}
