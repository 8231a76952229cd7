import Foundation
package import Tensors

/// Whole files in and out, with the reasons of failure as `FormatError`.
enum FileBytes {
  /// Reads a file; refuses folders, missing and compressed files.
  static func read(_ path: String) throws(FormatError) -> [UInt8] {
    try FileReader(path).bytes()
  }

  /// Reads a text whose last line has an end, by the rules of `read`.
  ///
  /// Throws if the last line has none: a number in it may be cut off.
  static func text(_ path: String) throws(FormatError) -> String {
    let bytes = try FileReader(path).text()
    let last = bytes.lastIndex(of: Ascii.lineFeed).map { bytes[($0 + 1)...] } ?? bytes[...]
    guard last.allSatisfy(Ascii.isBlank) else {
      let line = bytes.reduce(1) { $0 + ($1 == Ascii.lineFeed ? 1 : 0) }
      throw FormatError.openEnd(file: path, line: line)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Opens a file at its beginning; refuses folders and missing files.
  static func open(_ path: String) throws(FormatError) -> FileHandle {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw FormatError(
        file: path, expected: "a file", found: "nothing at this path",
        advice: "check the spelling and the current folder")
    }
    guard !isFolder.boolValue else {
      throw FormatError(file: path, expected: "a file", found: "a folder")
    }
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FormatError(.unreadable(path)) }
    return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  /// What the system says of a file that could be opened but not be read.
  static func unreadable(_ path: String, _ error: any Error) -> FormatError {
    let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    return FormatError(.unreadable(path, code: Int32(cause?.code ?? Int(EIO))))
  }

  /// Writes a file that appears whole or not at all, see `WholeFile`.
  static func write(_ bytes: [UInt8], to path: String) throws(FormatError) {
    do throws(FileError) { try WholeFile.write(bytes, to: path) } catch {
      throw FormatError(error)
    }
  }

  /// Whether a path is a file that can be read more than once, which a pipe cannot.
  static func canBeReadAgain(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  static func packer(of bytes: [UInt8]) -> (name: String, command: String)? {
    let known: [(magic: [UInt8], name: String, command: String)] = [
      ([0x1f, 0x8b], "gzip", "gunzip"), ([0x42, 0x5a, 0x68], "bzip2", "bunzip2"),
      ([0xfd, 0x37, 0x7a, 0x58, 0x5a], "xz", "unxz"), ([0x28, 0xb5, 0x2f, 0xfd], "zstd", "unzstd"),
      ([0x50, 0x4b, 0x03, 0x04], "zip", "unzip"),
    ]
    return known.first { bytes.starts(with: $0.magic) }.map { ($0.name, $0.command) }
  }
}

extension FormatError {
  /// The fault of a file or a folder that cannot be written or read.
  package init(_ error: FileError) {
    self.init(
      file: error.path, expected: error.expected, found: error.found, advice: error.advice)
  }
}

/// A file that is read once, from its beginning to its end: a pipe gives its bytes to one reader only.
struct FileReader {
  /// The path for error messages.
  let path: String
  /// The first bytes, from which the format of a file is seen.
  let head: [UInt8]
  private let handle: FileHandle

  private static let headCount = 1 << 16

  /// Opens a file and reads its head; refuses folders, missing and compressed files.
  init(_ path: String) throws(FormatError) {
    self.path = path
    handle = try FileBytes.open(path)
    do {
      head = [UInt8](try handle.read(upToCount: Self.headCount) ?? Data())
    } catch {
      throw FileBytes.unreadable(path, error)
    }
    guard let packer = FileBytes.packer(of: head) else { return }
    throw FormatError(
      file: path, expected: "plain text or an array", found: "data compressed by \(packer.name)",
      advice: "unpack it first with \(packer.command)")
  }

  /// All bytes; to be called once.
  func bytes() throws(FormatError) -> [UInt8] {
    do {
      return head + [UInt8](try handle.readToEnd() ?? Data())
    } catch {
      throw FileBytes.unreadable(path, error)
    }
  }

  /// All bytes of a text, by the rules of `bytes`; a file that begins with other data is refused before
  /// more of it is read.
  func text() throws(FormatError) -> [UInt8] {
    guard !head.contains(0) else {
      throw FormatError(file: path, expected: "plain text", found: "other data")
    }
    return try bytes()
  }
}
