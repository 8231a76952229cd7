import Glibc

/// The place that a path leads to.
package enum FilePlace: Equatable {
  /// A file, or a name that is free: the path behind all links.
  case file(String)
  /// A device, a pipe or a stream of the process, which is written into and never replaced.
  case stream

  /// The folder of a path; `.` where the path is a name alone.
  package static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Follows links to the place that they lead to.
  ///
  /// Throws where links lead to each other.
  package static func of(_ path: String) throws(FileError) -> FilePlace {
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG,
      status.st_mode & S_IFMT != S_IFDIR
    {
      return .stream
    }
    var place = path
    for _ in 0..<40 {
      // The links of /proc stand for open files; /dev/stdout leads there.
      if place.hasPrefix("/proc/") { return .stream }
      var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
      let count = readlink(place, &buffer, buffer.count)
      guard count >= 0 else { return .file(place) }
      let target = String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
      place = target.hasPrefix("/") ? target : "\(folder(of: place))/\(target)"
    }
    throw FileError(path, code: ELOOP)
  }

  /// Whether two paths lead to one file, by whatever names and links.
  package static func isSame(_ first: String, _ second: String) -> Bool {
    var (one, other) = (stat(), stat())
    if stat(first, &one) == 0, stat(second, &other) == 0 {
      return one.st_dev == other.st_dev && one.st_ino == other.st_ino
    }
    guard case .file(let first) = try? of(first), case .file(let second) = try? of(second) else {
      return false
    }
    // Names that are free are the same in the same folder.
    guard name(of: first) == name(of: second) else { return false }
    return stat(folder(of: first), &one) == 0 && stat(folder(of: second), &other) == 0
      && one.st_dev == other.st_dev && one.st_ino == other.st_ino
  }

  /// Refuses a path that nothing can be written to, before any work is done for it.
  ///
  /// Throws the fault that writing would have, as far as it can be known before.
  package static func check(_ path: String, isFolder: Bool = false) throws(FileError) {
    guard case .file(let place) = try of(path) else { return }
    var status = stat()
    if stat(place, &status) == 0 {
      let isThere = status.st_mode & S_IFMT == S_IFDIR
      guard isThere == isFolder else { throw FileError(path, code: isThere ? EISDIR : ENOTDIR) }
      guard access(place, W_OK) == 0 else { throw FileError(path) }
      if isFolder { return }
    } else if errno != ENOENT {
      throw FileError(path)
    }
    var parent = folder(of: place)
    // A folder is made with those around it; a file is not.
    if isFolder {
      while parent != "/", parent != ".", access(parent, F_OK) != 0, errno == ENOENT {
        parent = folder(of: parent)
      }
    }
    guard access(parent, W_OK | X_OK) == 0 else { throw FileError(path) }
  }

  /// The last part of a path.
  static func name(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
  }
}
