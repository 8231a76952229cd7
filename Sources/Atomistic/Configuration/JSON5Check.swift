import Foundation

/// The rules of a JSON5 text that Foundation does not keep, checked before Foundation reads the text.
///
/// Foundation on Linux takes the first of two values of a key, reads `1e+` as 1 and 1e-400 as 0, ends
/// the process at `0x0x` and at bytes that are no UTF-8, and names no line. This check follows brackets
/// and commas, and lets Foundation judge escapes and letters of keys.
struct JSON5Check {
  typealias Fault = ConfigurationError.Fault

  /// The most objects and lists within each other.
  static let depthLimit = 100

  private let bytes: [UInt8]
  private let decoder = JSONDecoder.json5
  private var place = 0

  /// Throws the first fault of a document, with its line.
  init(_ text: Data) throws(Fault) {
    bytes = Array(text)
    let lines = bytes.split(separator: Ascii.lineFeed, omittingEmptySubsequences: false)
    if let line = lines.firstIndex(where: { String(validating: $0, as: UTF8.self) == nil }) {
      throw .malformed(
        line: line + 1, expected: "text in UTF-8",
        found: "bytes of another encoding; save the text as UTF-8")
    }
    if hasNext("\u{feff}") { place = 3 }
    try value(depth: 0)
    try skipBlanks()
    guard next == nil else { throw fault("the end of the text") }
  }

  // MARK: - The text

  private var next: Unicode.Scalar? { place < bytes.count ? Unicode.Scalar(bytes[place]) : nil }

  private func hasNext(_ text: String) -> Bool { bytes[place...].starts(with: text.utf8) }

  private mutating func skip(while belongs: (UInt8) -> Bool) -> String {
    let start = place
    place += bytes[start...].prefix(while: belongs).count
    return text(from: start)
  }

  private func text(from start: Int) -> String {
    String(decoding: bytes[start..<place], as: UTF8.self)
  }

  /// A fault at the next byte, or at a place before.
  private func fault(_ expected: String, at start: Int? = nil, found: String? = nil) -> Fault {
    let start = start ?? place
    let word = bytes[start...].prefix { !Ascii.isBlank($0) && !",:{}[]".utf8.contains($0) }
    let seen = String(decoding: word.isEmpty ? bytes[start...].prefix(1) : word, as: UTF8.self)
    return .malformed(
      line: 1 + bytes[..<start].count { $0 == Ascii.lineFeed }, expected: expected,
      found: found ?? (seen.isEmpty ? "the end of the text" : TextLines.quoted(seen)))
  }

  /// Skips blanks and comments.
  private mutating func skipBlanks() throws(Fault) {
    while place < bytes.count {
      let start = place
      if Ascii.isBlank(bytes[place]) {
        place += 1
      } else if hasNext("//") {
        _ = skip { $0 != Ascii.lineFeed && $0 != Ascii.carriageReturn }
      } else if hasNext("/*") {
        place += 2
        while !hasNext("*/") {
          guard place < bytes.count else {
            throw fault("*/ after the comment", at: start, found: "none before the text ends")
          }
          place += 1
        }
        place += 2
      } else {
        return
      }
    }
  }

  // MARK: - Values

  private mutating func value(depth: Int) throws(Fault) {
    try skipBlanks()
    switch next {
    case "{", "[":
      guard depth < Self.depthLimit else {
        throw fault("at most \(Self.depthLimit) objects and lists within each other", found: "more")
      }
      try entries(depth: depth + 1)
    case "\"", "'": _ = try quoted()
    default: try word()
    }
  }

  /// The content of an object or a list.
  private mutating func entries(depth: Int) throws(Fault) {
    let isObject = next == "{"
    let closing: Unicode.Scalar = isObject ? "}" : "]"
    var keys: Set<String> = []
    place += 1
    try skipBlanks()
    while next != closing {
      if isObject {
        let start = place
        let key = try key()
        guard keys.insert(key).inserted else {
          throw fault("each key once", at: start, found: "\(TextLines.quoted(key)) again")
        }
        try skipBlanks()
        guard next == ":" else { throw fault("a colon after the key \(TextLines.quoted(key))") }
        place += 1
      }
      try value(depth: depth)
      try skipBlanks()
      guard next == "," || next == closing else { throw fault("a comma or '\(closing)'") }
      if next == "," { place += 1 }
      try skipBlanks()
    }
    place += 1
  }

  private mutating func key() throws(Fault) -> String {
    if next == "\"" || next == "'" { return try quoted() }
    let start = place
    let name = skip(while: Self.isOfName)
    guard !name.isEmpty else { throw fault("a key or '}'") }
    if !name.utf8.allSatisfy({ $0 < 0x80 }) || Ascii.isDigit(bytes[start]) {
      let rule = "a key, which begins with a letter, $ or _ or stands in quotes"
      _ = try judged("{\(name):0}", as: [String: Int].self, rule, at: start)
    }
    return name
  }

  /// Text in quotes. Foundation takes a backslash at the end of a line for a line break in the text,
  /// against JSON5: it is refused as a text without an end.
  private mutating func quoted() throws(Fault) -> String {
    let (start, quote) = (place, next)
    place += 1
    while let byte = next, byte != quote, byte.value >= 32 {
      place += byte == "\\" && place + 1 < bytes.count && bytes[place + 1] >= 32 ? 2 : 1
    }
    guard next == quote else {
      let isOpen = next == nil || next == "\n" || next == "\r"
      throw fault(
        "a quote after the text", at: start,
        found: isOpen ? "none before the line ends" : "a control character before it")
    }
    place += 1
    let raw = text(from: start)
    guard raw.contains("\\") else { return String(raw.dropFirst().dropLast()) }
    let rule = #"text in quotes with escapes such as \n, \\ and \u00e9"#
    return try judged(raw, as: String.self, rule, at: start)
  }

  /// A number or one of the words true, false and null.
  private mutating func word() throws(Fault) {
    let start = place
    let word = skip { Self.isOfName($0) || "+-.".utf8.contains($0) }
    if ["null", "true", "false"].contains(word) { return }
    let size = word.first == "+" || word.first == "-" ? word.dropFirst() : word[...]
    var fits: Bool?
    if size.hasPrefix("0x") || size.hasPrefix("0X") {
      let digits = size.dropFirst(2)
      if !digits.isEmpty, digits.allSatisfy(\.isHexDigit) { fits = Int(digits, radix: 16) != nil }
    } else if size == "Infinity" || size == "NaN" {
      fits = true
    } else if let first = size.utf8.first, Ascii.isDigit(first) || size.first == ".",
      let number = Double(word), size.first != "0" || size.prefix(while: \.isNumber).count == 1
    {
      let isZero = !size.prefix { !"eE".contains($0) }.contains { ("1"..."9").contains($0) }
      fits = number.isFinite && (number != 0 || isZero)
    }
    guard let fits else { throw fault("a value (text stands in quotes)", at: start) }
    guard fits else { throw fault("a number that 64 bits can hold", at: start) }
  }

  private static func isOfName(_ byte: UInt8) -> Bool {
    byte >= 0x80 || Unicode.Scalar(byte).properties.isAlphabetic || Ascii.isDigit(byte)
      || "$_".utf8.contains(byte)
  }

  /// What Foundation reads in a piece of the text.
  private func judged<Value: Decodable>(
    _ text: String, as type: Value.Type, _ expected: String, at start: Int
  ) throws(Fault) -> Value {
    do { return try decoder.decode(type, fromDocument: Data(text.utf8)) } catch {
      throw fault(expected, at: start)
    }
  }
}
