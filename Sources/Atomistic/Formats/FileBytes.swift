import Foundation
package import Tensors

/// Whole files in and out, with the reasons of failure as `FormatError`.
enum FileBytes {
  /// Reads a file, or its first bytes; refuses folders, missing and compressed files.
  static func read(_ path: String, atMost count: Int? = nil) throws(FormatError) -> [UInt8] {
    let handle = try open(path)
    let bytes: [UInt8]
    do {
      let data = if let count { try handle.read(upToCount: count) } else { try handle.readToEnd() }
      bytes = [UInt8](data ?? Data())
    } catch {
      throw unreadable(path, error)
    }
    if let packer = packer(of: bytes) {
      throw FormatError(
        file: path, expected: "plain text or an array", found: "data compressed by \(packer.name)",
        advice: "unpack it first with \(packer.command)")
    }
    return bytes
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
    do {
      return try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    } catch {
      throw unreadable(path, error)
    }
  }

  private static func unreadable(_ path: String, _ error: any Error) -> FormatError {
    FormatError(
      file: path, expected: "a readable file", found: error.localizedDescription,
      advice: "check its permissions")
  }

  /// Writes a file that appears whole or not at all, see `WholeFile`.
  static func write(_ bytes: [UInt8], to path: String) throws(FormatError) {
    do throws(FileError) { try WholeFile.write(bytes, to: path) } catch {
      throw FormatError(error)
    }
  }

  private static func packer(of bytes: [UInt8]) -> (name: String, command: String)? {
    let known: [(magic: [UInt8], name: String, command: String)] = [
      ([0x1f, 0x8b], "gzip", "gunzip"), ([0x42, 0x5a, 0x68], "bzip2", "bunzip2"),
      ([0xfd, 0x37, 0x7a, 0x58, 0x5a], "xz", "unxz"), ([0x28, 0xb5, 0x2f, 0xfd], "zstd", "unzstd"),
      ([0x50, 0x4b, 0x03, 0x04], "zip", "unzip"),
    ]
    return known.first { bytes.starts(with: $0.magic) }.map { ($0.name, $0.command) }
  }
}

extension FormatError {
  /// The fault of a file or a folder that cannot be written.
  package init(_ error: FileError) {
    self.init(
      file: error.path, expected: error.expected, found: error.found, advice: error.advice)
  }
}
