/// The comment line of an extended XYZ frame, cut into keys and values without their meaning.
///
/// Values may be bare, in single or double quotes with backslash escapes, in braces or in
/// brackets; a bare key stands for `key=T`.
struct ExtendedXYZHeader {
  /// One entry as written, without quotes.
  struct Entry {
    var key: String
    var value: String
  }

  /// The entries in the order of the line.
  private(set) var entries: [Entry] = []
  /// Where each key is in `entries`, in lower case.
  private var indices: [String: Int] = [:]

  /// Cuts a line; a free comment without `Lattice=` and `Properties=` becomes one entry, `comment`.
  init(_ line: Range<Int>, in lines: TextLines) throws(FormatError) {
    let bytes = lines.bytes[line]
    let text = String(decoding: bytes, as: UTF8.self)
    let lower = text.lowercased()
    let isExtended = lower.contains("lattice=") || lower.contains("properties=")
    guard isExtended || text.contains("=") else {
      if let comment = Self.trimmed(text) { append("comment", comment) }
      return
    }
    do throws(FormatError) {
      try cut(Array(bytes), lines)
    } catch {
      guard !isExtended else { throw error }
      (entries, indices) = ([], [:])
      if let comment = Self.trimmed(text) { append("comment", comment) }
    }
  }

  /// The entry of a key, whatever its case.
  subscript(key: String) -> Entry? { indices[key.lowercased()].map { entries[$0] } }

  private static func trimmed(_ text: String) -> String? {
    let parts = text.split(whereSeparator: \.isWhitespace)
    return parts.isEmpty ? nil : parts.joined(separator: " ")
  }

  private mutating func append(_ key: String, _ value: String) {
    indices[key.lowercased()] = entries.count
    entries.append(Entry(key: key, value: value))
  }

  private mutating func cut(_ bytes: [UInt8], _ lines: TextLines) throws(FormatError) {
    var index = 0
    while index < bytes.count {
      if Ascii.isBlank(bytes[index]) {
        index += 1
        continue
      }
      let start = index
      let key: String
      if let closing = Self.quote(bytes[index]), closing == bytes[index] {
        key = try Self.quoted(bytes, &index, closing, lines)
      } else {
        while index < bytes.count, !Ascii.isBlank(bytes[index]), bytes[index] != UInt8(ascii: "=") {
          index += 1
        }
        key = String(decoding: bytes[start..<index], as: UTF8.self)
      }
      var value = "T"
      if index < bytes.count, bytes[index] == UInt8(ascii: "=") {
        index += 1
        value = try Self.value(bytes, &index, lines)
      }
      guard !key.isEmpty else {
        throw lines.fault(
          expected: "a key before each \"=\"", found: "\"=\" after a blank",
          advice: "write key=value without blanks around \"=\"")
      }
      guard indices[key.lowercased()] == nil else {
        throw lines.fault(
          key: TextLines.quoted(key), expected: "each key once", found: "it twice")
      }
      append(key, value)
    }
  }

  private static func value(
    _ bytes: [UInt8], _ index: inout Int, _ lines: TextLines
  ) throws(FormatError) -> String {
    guard index < bytes.count else { return "" }
    if let closing = quote(bytes[index]) { return try quoted(bytes, &index, closing, lines) }
    let start = index
    while index < bytes.count, !Ascii.isBlank(bytes[index]) { index += 1 }
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }

  /// The byte that closes what `byte` opens.
  private static func quote(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "'"): byte
    case UInt8(ascii: "{"): UInt8(ascii: "}")
    case UInt8(ascii: "["): UInt8(ascii: "]")
    default: nil
    }
  }

  /// The text up to the closing byte; nested brackets of the same kind are kept.
  private static func quoted(
    _ bytes: [UInt8], _ index: inout Int, _ closing: UInt8, _ lines: TextLines
  ) throws(FormatError) -> String {
    let opening = bytes[index]
    var depth = 1
    var result: [UInt8] = []
    index += 1
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if byte == UInt8(ascii: "\\"), index < bytes.count, opening == closing {
        result.append(bytes[index] == UInt8(ascii: "n") ? Ascii.lineFeed : bytes[index])
        index += 1
        continue
      }
      if byte == closing {
        depth -= 1
        if depth == 0 { return String(decoding: result, as: UTF8.self) }
      } else if byte == opening {
        depth += 1
      }
      result.append(byte)
    }
    let text = TextLines.quoted(String(decoding: result, as: UTF8.self))
    throw lines.fault(
      expected: "a closing \(Character(Unicode.Scalar(closing)))",
      found: "the end of the line after \(text)")
  }
}
