import Glibc

extension Digest {
  /// Adds the first bytes of a file, fewer where the file is shorter.
  ///
  /// - Returns: The number of bytes that were added.
  /// - Throws: `FileError` where the file cannot be read.
  package mutating func add(
    contentsOf path: String, upTo byteCount: Int
  ) throws(FileError) -> Int {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(path, expected: "a file that can be read") }
    defer { close(descriptor) }
    var piece = [UInt8](repeating: 0, count: 1 << 20)
    var done = 0
    while done < byteCount {
      let count = read(descriptor, &piece, min(piece.count, byteCount - done))
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw FileError(path, expected: "a file that can be read") }
      guard count > 0 else { break }
      piece.withUnsafeBytes { add(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
      done += count
    }
    return done
  }
}
