package import Foundation

/// Files that appear whole or not at all, and are read as a whole.
///
/// The bytes written go to a draft `.NAME.PROCESS.NUMBER.partial` beside the file, which is on the disk before
/// it takes the file's place; so a reader meets the old file or the new one. Links are followed, and
/// devices and pipes are written into. The writer of a draft holds a lock on it, which the system
/// releases with the process: the next writer of the file removes drafts without one.
package enum WholeFile {
  /// Writes a file by pieces that a closure hands to the draft.
  ///
  /// - Throws: A `FileError`, also of the closure; the file that was there is then intact.
  package static func write(
    to path: String, _ body: (OutputFile) throws(FileError) -> Void
  ) throws(FileError) {
    switch try FilePlace.of(path) {
    case .stream:
      let stream = try OutputFile(stream: path)
      try body(stream)
      try stream.close()
    case .file(let place): try replace(place, for: path, body)
    }
  }

  /// Writes a file of these bytes.
  ///
  /// - Throws: A `FileError`; the file that was there is then intact.
  package static func write(_ bytes: some ContiguousBytes, to path: String) throws(FileError) {
    try write(to: path) { file throws(FileError) in try file.write(bytes) }
  }

  /// Writes a file of a text in UTF-8.
  ///
  /// - Throws: A `FileError`; the file that was there is then intact.
  package static func write(_ text: String, to path: String) throws(FileError) {
    try write(Array(text.utf8), to: path)
  }

  /// Reads all bytes of a file, which may be a pipe.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - limit: The most bytes it may have; a device may have no end.
  /// - Returns: The bytes.
  /// - Throws: A `FileError` where it cannot be read, or is longer.
  package static func read(_ path: String, atMost limit: Int) throws(FileError) -> Data {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unreadable(path) }
    defer { close(descriptor) }
    var (bytes, end) = (Data(count: 1 << 16), 0)
    while true {
      if end == bytes.count { bytes.count *= 2 }
      let count = bytes.withUnsafeMutableBytes {
        Glibc.read(descriptor, $0.baseAddress.unsafelyUnwrapped + end, $0.count - end)
      }
      guard count >= 0 || errno == EINTR else { throw .unreadable(path) }
      if count == 0 { return bytes.prefix(end) }
      end += max(0, count)
      guard end <= limit else {
        throw FileError(
          path, expected: "a file of at most \(MemoryLimit.text(limit))", found: "a longer one",
          advice: "check the name")
      }
    }
  }

  /// Removes the drafts that killed writers of a file have left.
  package static func removeDrafts(of path: String) {
    let folder = FilePlace.folder(of: path)
    let start = draftStart(path)
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    where name.hasPrefix(start) && name.hasSuffix(draftEnd) {
      let middle = name.dropFirst(start.count).dropLast(draftEnd.count)
      guard middle.allSatisfy({ $0.isNumber || $0 == "." }) else { continue }
      let draft = "\(folder)/\(name)"
      let descriptor = open(draft, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
      guard descriptor >= 0 else { continue }
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { unlink(draft) }
      close(descriptor)
    }
  }

  private static let draftEnd = ".partial"

  /// The beginning of the names of a file's drafts, short enough for any file system.
  private static func draftStart(_ path: String) -> String {
    let name = FilePlace.name(of: path)
    guard name.utf8.count > 200 else { return ".\(name)." }
    var digest = Digest()
    digest.add(name)
    return ".\(digest.text)."
  }

  private static func replace(
    _ place: String, for path: String, _ body: (OutputFile) throws(FileError) -> Void
  ) throws(FileError) {
    var status = stat()
    let exists = stat(place, &status) == 0
    if exists {
      guard status.st_mode & S_IFMT != S_IFDIR else { throw FileError(path, code: EISDIR) }
      guard access(place, W_OK) == 0 else { throw FileError(path) }
    }
    // The name alone may be too long, which its draft would hide.
    if !exists, errno == ENAMETOOLONG { throw FileError(path, code: ENAMETOOLONG) }
    removeDrafts(of: place)
    let draft = try newDraft(place, for: path)
    do throws(FileError) {
      if exists { draft.setPermissions(status.st_mode) }
      try body(draft)
      try draft.synchronize()
      try draft.close()
      guard rename(draft.path, place) == 0 else { throw FileError(path) }
    } catch {
      unlink(draft.path)
      throw error.of(path)
    }
  }

  private static func newDraft(_ place: String, for path: String) throws(FileError) -> OutputFile {
    let folder = FilePlace.folder(of: place)
    let process = ProcessInfo.processInfo.processIdentifier
    for number in 0..<1000 {
      let name = "\(folder)/\(draftStart(place))\(process).\(number)\(draftEnd)"
      do throws(FileError) {
        let draft = try OutputFile(new: name)
        // Between its making and its lock, another writer may have taken it for a dead one's.
        if draft.hasName { return draft }
      } catch {
        guard error.code == EEXIST || error.code == EWOULDBLOCK else { throw error.of(path) }
      }
    }
    throw FileError(path, code: EEXIST)
  }
}
