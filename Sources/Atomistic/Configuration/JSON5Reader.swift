/// Reads the text of a JSON5 document as a tree; each fault has its line.
///
/// It knows all of JSON5 (https://spec.json5.org), with three rules of its own: the text is UTF-8, an
/// object has each key once, and objects and lists are at most `depthLimit` deep.
struct JSON5Reader {
  typealias Fault = ConfigurationError.Fault

  /// The most objects and lists within each other.
  static let depthLimit = 100

  private let scalars: [Unicode.Scalar]
  private(set) var position = 0
  private var depth = 0

  /// Reads a whole document.
  static func tree(of text: some Sequence<UInt8>) throws(Fault) -> JSONValue {
    var reader = try JSON5Reader(Array(text))
    let value = try reader.value()
    try reader.skipBlanks()
    guard reader.next == nil else { throw reader.fault("the end of the text") }
    return value
  }

  private init(_ bytes: [UInt8]) throws(Fault) {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Self.invalidText(bytes)
    }
    scalars = Array(text.unicodeScalars)
  }

  /// The fault of the first byte that is no UTF-8.
  private static func invalidText(_ bytes: [UInt8]) -> Fault {
    var (codec, iterator, line) = (UTF8(), bytes.makeIterator(), 1)
    while case .scalarValue(let scalar) = codec.decode(&iterator) {
      if scalar == "\n" { line += 1 }
    }
    return .malformed(
      line: line, expected: "text in UTF-8",
      found: "bytes of another encoding; save the text as UTF-8")
  }

  // MARK: - The text

  var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

  mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard next == scalar else { return false }
    position += 1
    return true
  }

  mutating func advance() { position += 1 }

  mutating func word(while belongs: (Unicode.Scalar) -> Bool) -> String {
    let word = scalars[position...].prefix(while: belongs)
    position += word.count
    return String(String.UnicodeScalarView(word))
  }

  /// A fault at the next scalar, or at a place before.
  func fault(_ expected: String, at place: Int? = nil, found: String? = nil) -> Fault {
    let place = place ?? position
    let line = 1 + scalars[..<min(place, scalars.count)].count { $0 == "\n" }
    let rest = scalars[min(place, scalars.count)...]
    let word = rest.prefix { !Self.isBlank($0) && !",:{}[]".unicodeScalars.contains($0) }
    let seen = TextLines.quoted(
      String(String.UnicodeScalarView(word.isEmpty ? rest.prefix(1) : word)))
    return .malformed(
      line: line, expected: expected,
      found: found ?? (rest.isEmpty ? "the end of the text" : seen))
  }

  /// Skips blanks and comments.
  private mutating func skipBlanks() throws(Fault) {
    while let scalar = next {
      let start = position
      if Self.isBlank(scalar) {
        advance()
      } else if take("/") {
        if take("/") {
          while let scalar = next, !Self.endsLine(scalar) { advance() }
        } else if take("*") {
          while !(take("*") && next == "/") {
            guard next != nil else {
              throw fault("*/ after the comment", at: start, found: "none before the text ends")
            }
            if next != "*" { advance() }
          }
          advance()
        } else {
          throw fault("a comment after /", at: start)
        }
      } else {
        return
      }
    }
  }

  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "\t", "\n", "\u{b}", "\u{c}", "\r", " ", "\u{a0}", "\u{feff}", "\u{2028}", "\u{2029}": true
    default: !scalar.isASCII && scalar.properties.generalCategory == .spaceSeparator
    }
  }

  private static func endsLine(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "\n" || scalar == "\r" || scalar == "\u{2028}" || scalar == "\u{2029}"
  }

  // MARK: - Values

  private mutating func value() throws(Fault) -> JSONValue {
    try skipBlanks()
    switch next {
    case "{": return .object(try nested { reader throws(Fault) in try reader.members() })
    case "[": return .array(try nested { reader throws(Fault) in try reader.elements() })
    case "\"", "'": return .string(try string())
    default: return try unquoted()
    }
  }

  private mutating func nested<Content>(
    _ read: (inout Self) throws(Fault) -> Content
  ) throws(Fault) -> Content {
    guard depth < Self.depthLimit else {
      throw fault("at most \(Self.depthLimit) objects and lists within each other", found: "more")
    }
    depth += 1
    advance()
    let content = try read(&self)
    depth -= 1
    return content
  }

  private mutating func elements() throws(Fault) -> [JSONValue] {
    var elements: [JSONValue] = []
    try skipBlanks()
    while !take("]") {
      elements.append(try value())
      try endEntry(closing: "]")
    }
    return elements
  }

  private mutating func members() throws(Fault) -> [String: JSONValue] {
    var members: [String: JSONValue] = [:]
    try skipBlanks()
    while !take("}") {
      let start = position
      let key = try key()
      try skipBlanks()
      guard take(":") else { throw fault("a colon after the key \(TextLines.quoted(key))") }
      guard members.updateValue(try value(), forKey: key) == nil else {
        throw fault("each key once", at: start, found: "\(TextLines.quoted(key)) again")
      }
      try endEntry(closing: "}")
    }
    return members
  }

  /// Takes the comma behind an entry, or leaves the closing bracket.
  private mutating func endEntry(closing: Unicode.Scalar) throws(Fault) {
    try skipBlanks()
    if take(",") {
      try skipBlanks()
    } else if next != closing {
      throw fault("a comma or '\(closing)'")
    }
  }

  private mutating func key() throws(Fault) -> String {
    if next == "\"" || next == "'" { return try string() }
    var key = String.UnicodeScalarView()
    while let scalar = next {
      let start = position
      var letter = scalar
      if take("\\") {
        guard take("u") else { throw fault("u and four hexadecimal digits", at: start) }
        letter = try escapedScalar()
      } else if Self.continuesName(scalar) {
        advance()
      } else {
        break
      }
      guard key.isEmpty ? Self.beginsName(letter) : Self.continuesName(letter) else {
        throw fault("a key, which begins with a letter, $ or _ or stands in quotes", at: start)
      }
      key.append(letter)
    }
    guard !key.isEmpty else { throw fault("a key or '}'") }
    return String(key)
  }

  private static func beginsName(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "$" || scalar == "_" || scalar.properties.isIDStart
  }

  private static func continuesName(_ scalar: Unicode.Scalar) -> Bool {
    beginsName(scalar) || scalar.properties.isIDContinue || scalar == "\u{200c}"
      || scalar == "\u{200d}"
  }

  /// A number or one of the words true, false and null.
  private mutating func unquoted() throws(Fault) -> JSONValue {
    let start = position
    let word = word { Self.continuesName($0) || $0 == "+" || $0 == "-" || $0 == "." }
    switch word {
    case "null": return .null
    case "true": return .bool(true)
    case "false": return .bool(false)
    default: break
    }
    switch JSON5Number(word) {
    case .value(let value): return value
    case .tooLarge: throw fault("a number that 64 bits can hold", at: start)
    case nil: throw fault("a value (text stands in quotes)", at: start)
    }
  }
}
