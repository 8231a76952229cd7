import Glibc

/// Why a file or a folder cannot be written or read: what is in the way, and what to do.
public struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The path as it was given.
  public let path: String
  /// What should have been there, as a noun phrase.
  public let expected: String
  /// What is in the way, as a noun phrase.
  public let found: String
  /// What to do, as an imperative clause.
  public let advice: String
  /// The system's number of the failure, 0 where none of its calls has failed.
  package let code: Int32

  /// Describes a fault.
  package init(
    _ path: String, expected: String = "a file that can be written to", found: String,
    advice: String, code: Int32 = 0
  ) {
    (self.path, self.expected, self.found, self.advice) = (path, expected, found, advice)
    self.code = code
  }

  /// Describes the failure of a call to the system.
  package init(
    _ path: String, expected: String = "a file that can be written to", code: Int32 = errno
  ) {
    let folder = FilePlace.folder(of: path)
    let (found, advice) =
      switch code {
      case ENOENT where access(folder, F_OK) == 0:
        ("no such file", "check the spelling and the current folder")
      case ENOENT: ("no folder \(folder)", "make it first, or name another place")
      case EACCES, EPERM: ("no permission", "change the permissions, or name another place")
      case EBADF: ("a stream that is closed", "open it")
      case EROFS: ("a file system that is read-only", "name another place")
      case ENAMETOOLONG: ("a name that is too long", "choose a shorter one")
      case ENOSPC, EDQUOT: ("a full disk", "make room, or name a place on another disk")
      case EFBIG: ("a limit of the size of files", "raise the limit, or name another place")
      case ENOTDIR: ("a path that goes through a file", "check the spelling")
      case EISDIR: ("a folder", "name a file in it, or another place")
      case ELOOP: ("links that lead to each other", "remove them, or name another place")
      case EPIPE: ("a pipe that no program reads any more", "keep its reader running")
      case EIO: ("a device that fails", "look after the disk or the terminal")
      default: (String(cString: strerror(code)).lowercased(), "check the place and its disk")
      }
    self.init(path, expected: expected, found: found, advice: advice, code: code)
  }

  /// The same fault of another path: that which the user knows.
  func of(_ path: String) -> FileError {
    FileError(path, expected: expected, found: found, advice: advice, code: code)
  }

  /// Describes the failure to read a file.
  package static func unreadable(_ path: String, code: Int32 = errno) -> FileError {
    FileError(path, expected: "a file that can be read", code: code)
  }

  /// The fault without the path.
  package var reason: String { "expected \(expected), found \(found); \(advice)" }

  /// One sentence with everything that is known.
  public var description: String { "\(path): \(reason)" }
}
