/// How the bytes of a file are laid out, so that a changed file stays one in its outer form.
enum FileLayout: Sendable {
  /// Lines and words.
  case text
  /// Numbers in 4 or 8 bytes.
  case binary
  /// A header of text whose length stands in little-endian bytes at an offset, then numbers.
  case headed(lengthOffset: Int, lengthSize: Int)

  /// `model.safetensors`, checkpoints and restarts.
  static let safeTensors = headed(lengthOffset: 0, lengthSize: 8)
  /// Version 1.0 of NumPy's arrays.
  static let numpy = headed(lengthOffset: 8, lengthSize: 2)

  /// The range of the header's text; nil where the length is that of no header.
  func header(of bytes: [UInt8]) -> Range<Int>? {
    guard case .headed(let offset, let size) = self, bytes.count >= offset + size else {
      return nil
    }
    let length = bytes[offset..<offset + size].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let start = offset + size
    guard length <= UInt64(bytes.count - start) else { return nil }
    return start..<start + Int(length)
  }

  /// Replaces the header's text, and its length with it.
  func replaceHeader(_ range: Range<Int>, of bytes: inout [UInt8], by text: [UInt8]) {
    guard case .headed(let offset, let size) = self else { return }
    bytes.replaceSubrange(range, with: text)
    for place in 0..<size {
      bytes[offset + place] = UInt8(truncatingIfNeeded: text.count >> (8 * place))
    }
  }
}
