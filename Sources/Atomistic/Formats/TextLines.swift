import Foundation

/// The lines and fields of a text, as ranges of its bytes: no string is made before it is wanted.
///
/// Lines end with a line feed, with or without a carriage return before it, or with the text; where
/// the last line has to have an end of its own, `requireEnd` says so. A byte order mark at the start
/// is skipped.
struct TextLines {
  /// The path for error messages.
  let file: String
  /// The bytes of the whole text.
  let bytes: [UInt8]
  /// The beginning of the next line.
  private var position: Int
  /// The number of the line that was read last, from one.
  private(set) var number = 0

  /// Begins with a text that stands in its file after a number of other lines.
  init(file: String, bytes: [UInt8], linesBefore: Int = 0) {
    self.file = file
    self.bytes = bytes
    number = linesBefore
    position = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
  }

  /// The number of bytes after the last line that was read.
  var remaining: Int { bytes.count - position }

  /// Throws if the line that was read last has no end: a number in it may be cut off, and no number
  /// tells whether it is whole.
  func requireEnd() throws(FormatError) {
    guard position > bytes.count else { return }
    throw FormatError.openEnd(file: file, line: number)
  }

  /// The next line without its end, or nil after the last.
  mutating func next() -> Range<Int>? {
    guard position < bytes.count else { return nil }
    let start = position
    let end = bytes.withUnsafeBytes { Ascii.lineFeed(in: $0, from: start) ?? $0.count }
    position = end + 1
    number += 1
    let hasReturn = end > start && bytes[end - 1] == Ascii.carriageReturn
    return start..<(hasReturn ? end - 1 : end)
  }

  /// The next line that holds more than blanks, or nil after the last.
  mutating func nextFilled() -> Range<Int>? {
    while let line = next() {
      if line.contains(where: { !Ascii.isBlank(bytes[$0]) }) { return line }
    }
    return nil
  }

  /// The next field between blanks, removed from the front of `line`.
  func field(of line: inout Range<Int>) -> Range<Int>? {
    bytes.withUnsafeBufferPointer { bytes in
      var start = line.lowerBound
      while start < line.upperBound && Ascii.isBlank(bytes[start]) { start += 1 }
      guard start < line.upperBound else {
        line = line.upperBound..<line.upperBound
        return nil
      }
      var end = start + 1
      while end < line.upperBound && !Ascii.isBlank(bytes[end]) { end += 1 }
      line = end..<line.upperBound
      return start..<end
    }
  }

  /// All fields of a line.
  func fields(of line: Range<Int>) -> [Range<Int>] {
    var rest = line
    var result: [Range<Int>] = []
    while let field = field(of: &rest) { result.append(field) }
    return result
  }

  /// The text of a range; bytes that are no UTF-8 become replacement characters.
  func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  /// The text of a range for an error message: quoted, shortened, without control characters.
  func quoted(_ range: Range<Int>) -> String { Self.quoted(text(range)) }

  /// A text for an error message: quoted, shortened, without control characters.
  static func quoted(_ text: String) -> String {
    let clean = text.unicodeScalars.map { $0.value < 32 || $0.value == 127 ? "?" : Character($0) }
    return clean.count <= 40 ? "\"\(String(clean))\"" : "\"\(String(clean.prefix(37)))...\""
  }

  /// A fault on the line that was read last.
  func fault(
    key: String? = nil, expected: String, found: String, advice: String? = nil
  ) -> FormatError {
    FormatError(
      file: file, line: number, key: key, expected: expected, found: found, advice: advice)
  }
}

/// The bytes that structure a text.
enum Ascii {
  static let lineFeed = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")

  @inline(__always)
  static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || (byte >= 9 && byte <= 13)
  }

  @inline(__always)
  static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

  /// The place of the first line feed from `start` on, or nil.
  static func lineFeed(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    guard start < bytes.count, let base = bytes.baseAddress else { return nil }
    return memchr(base + start, Int32(lineFeed), bytes.count - start)
      .map { base.distance(to: UnsafeRawPointer($0)) }
  }
}
