import Glibc

/// A lock that one process holds at a time, by means of a file.
///
/// The system releases it when the process ends, however it ends: a file that a killed process has
/// left behind locks nothing.
package final class FileLock {
  private let path: String
  private let descriptor: Int32

  /// Takes the lock; nil where another process holds it.
  ///
  /// Throws where the file cannot be made.
  package init?(_ path: String) throws(FileError) {
    self.path = path
    var descriptor: Int32 = -1
    while true {
      descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
      guard descriptor >= 0 else { throw FileError(path) }
      // A file system without locks gives none, which must not stop the work.
      if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
        close(descriptor)
        return nil
      }
      // The former holder may have removed the file just before.
      var (named, opened) = (stat(), stat())
      if stat(path, &named) == 0, fstat(descriptor, &opened) == 0, named.st_ino == opened.st_ino {
        break
      }
      close(descriptor)
    }
    self.descriptor = descriptor
  }

  deinit {
    unlink(path)
    // A process that is being started may hold the file, and with it the lock, for a moment longer.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }
}
