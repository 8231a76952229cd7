package import Foundation

/// A file that is written piece by piece, each piece whole or not at all.
///
/// Links are followed; devices and pipes are written into. A regular file has one writer at a time:
/// another one is refused as long as the first has it open, also if the first is in another process,
/// and the system ends that when the first process ends, however it ends.
package final class OutputFile {
  /// The path as it was given.
  package let path: String
  /// The number of bytes written, those of earlier parts included.
  package private(set) var byteCount: Int
  private var descriptor: Int32
  private let isRegular: Bool

  private init(_ path: String, flags: Int32, mode: mode_t = 0o666) throws(FileError) {
    descriptor = open(path, flags | O_WRONLY | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw FileError(path) }
    var status = stat()
    isRegular = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    (self.path, byteCount) = (path, isRegular ? Int(status.st_size) : 0)
  }

  /// Starts a file; one that is there loses its content, and a device or a pipe stays what it is.
  package convenience init(creating path: String) throws(FileError) {
    let isStream = try FilePlace.of(path) == .stream
    try self.init(path, flags: isStream ? O_APPEND : O_CREAT)
    guard !isStream else { return }
    try lock()
    try truncate(to: 0)
  }

  /// Starts a file where there is none.
  package convenience init(new path: String, mode: mode_t = 0o666) throws(FileError) {
    try self.init(path, flags: O_CREAT | O_EXCL, mode: mode)
    try lock()
  }

  /// Goes on with a file; without a number of bytes with all of it, else what comes after is cut off.
  package convenience init(resuming path: String, byteCount: Int? = nil) throws(FileError) {
    try self.init(path, flags: 0)
    try lock()
    guard let byteCount, byteCount != self.byteCount else {
      lseek(descriptor, 0, SEEK_END)
      return
    }
    guard byteCount < self.byteCount else {
      throw FileError(
        path, expected: "the \(byteCount) bytes that were written before",
        found: "\(self.byteCount)", advice: "put the file back, or start again")
    }
    try truncate(to: byteCount)
  }

  /// Opens a device, a pipe or a stream of the process.
  convenience init(stream path: String) throws(FileError) { try self.init(path, flags: O_APPEND) }

  deinit {
    guard descriptor >= 0 else { return }
    // A process that is being started may hold the file, and with it the lock, for a moment longer.
    flock(descriptor, LOCK_UN)
    Glibc.close(descriptor)
  }

  /// Appends bytes; of a piece that does not fit nothing remains.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    var done = 0
    while done < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
      let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        let error = FileError(path, code: count < 0 ? errno : ENOSPC)
        if isRegular { try? truncate(to: byteCount) }
        throw error
      }
      done += count
    }
    byteCount += bytes.count
  }

  /// Appends bytes; of a piece that does not fit nothing remains.
  package func write(_ bytes: some ContiguousBytes) throws(FileError) {
    let result = bytes.withUnsafeBytes { bytes in
      Result { () throws(FileError) -> Void in try write(bytes) }
    }
    try result.get()
  }

  /// Waits until all bytes would survive a loss of power.
  package func synchronize() throws(FileError) {
    // Devices and pipes have no disk.
    guard fsync(descriptor) != 0, errno != EINVAL, errno != ENOTSUP else { return }
    throw FileError(path)
  }

  /// Ends the file; some systems tell only now that the disk is full.
  package func close() throws(FileError) {
    flock(descriptor, LOCK_UN)
    let code = Glibc.close(descriptor)
    descriptor = -1
    guard code != 0, errno != EINTR else { return }
    throw FileError(path)
  }

  /// Gives the file the permissions of another one.
  func setPermissions(_ mode: mode_t) { fchmod(descriptor, mode & 0o7777) }

  /// Whether the file still has a name.
  var hasName: Bool {
    var status = stat()
    return fstat(descriptor, &status) == 0 && status.st_nlink > 0
  }

  private func truncate(to count: Int) throws(FileError) {
    guard ftruncate(descriptor, off_t(count)) == 0, lseek(descriptor, off_t(count), SEEK_SET) >= 0
    else { throw FileError(path) }
    byteCount = count
  }

  /// Keeps other writers away; a file system without locks has none to keep away.
  private func lock() throws(FileError) {
    guard isRegular, flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK else { return }
    throw FileError(
      path, found: "another process that is writing it",
      advice: "wait until that has ended, or name another place", code: EWOULDBLOCK)
  }
}
