/// Reads JSON5: JSON that may hold comments, trailing commas, bare keys and single quotes.
///
/// Stricter than the standard in one point: a key that stands twice in an object is an error.
/// Faults carry the line and the column, which Foundation's decoder does not tell everywhere.
///
/// Source: spec.json5.org.
struct JSON5Parser {
  private let text: [Unicode.Scalar]
  private var position = 0
  private var depth = 0

  typealias Fault = ConfigurationError.Fault

  /// Parses a whole document.
  static func parse(_ text: String) throws(Fault) -> JSONValue {
    var parser = JSON5Parser(text: Array(text.unicodeScalars))
    let value = try parser.value()
    guard try parser.peek() == nil else { throw parser.fault("nothing after the value") }
    return value
  }

  private init(text: [Unicode.Scalar]) { self.text = text }

  private func fault(_ expected: String) -> Fault {
    let before = text[..<min(position, text.count)]
    let line = before.count { $0 == "\n" } + 1
    let column = before.count - (before.lastIndex(of: "\n").map { $0 + 1 } ?? 0) + 1
    let found = position < text.count ? "'\(text[position])'" : "the end"
    return .malformed("line \(line), column \(column): expected \(expected), found \(found).")
  }

  /// Skips white space and comments and lends the next character.
  private mutating func peek() throws(Fault) -> Unicode.Scalar? {
    while position < text.count {
      if text[position].properties.isWhitespace || text[position] == "\u{FEFF}" {
        position += 1
      } else if text[position...].starts(with: "//".unicodeScalars) {
        position = text[position...].firstIndex(of: "\n") ?? text.count
      } else if text[position...].starts(with: "/*".unicodeScalars) {
        position += 2
        while !text[position...].starts(with: "*/".unicodeScalars) {
          guard position < text.count else { throw fault("the end of a comment, '*/'") }
          position += 1
        }
        position += 2
      } else {
        return text[position]
      }
    }
    return nil
  }

  private mutating func take(_ character: Unicode.Scalar) throws(Fault) -> Bool {
    guard try peek() == character else { return false }
    position += 1
    return true
  }

  /// Passes a comma; the closing bracket may stand in its place.
  private mutating func separator(before closing: Unicode.Scalar) throws(Fault) {
    if try take(",") { return }
    guard try peek() == closing else { throw fault("',' or '\(closing)'") }
  }

  private mutating func value() throws(Fault) -> JSONValue {
    guard depth < 200 else { throw fault("at most 200 levels of nesting") }
    depth += 1
    defer { depth -= 1 }
    switch try peek() {
    case "{": return try object()
    case "[": return try array()
    case "\"", "'": return .string(try string())
    default: return try word()
    }
  }

  private mutating func object() throws(Fault) -> JSONValue {
    var members: [String: JSONValue] = [:]
    position += 1
    while try !take("}") {
      let start = position
      let key = try key()
      guard members[key] == nil else {
        position = start
        _ = try peek()
        throw fault("each key once, but '\(key)' stands here a second time")
      }
      guard try take(":") else { throw fault("':' after the key '\(key)'") }
      members[key] = try value()
      try separator(before: "}")
    }
    return .object(members)
  }

  private mutating func array() throws(Fault) -> JSONValue {
    var elements: [JSONValue] = []
    position += 1
    while try !take("]") {
      elements.append(try value())
      try separator(before: "]")
    }
    return .array(elements)
  }

  private mutating func key() throws(Fault) -> String {
    let first = try peek()
    if first == "\"" || first == "'" { return try string() }
    let start = position
    let word = run { $0 == "_" || $0 == "$" || $0.properties.isXIDContinue }
    guard let initial = word.first, !("0"..."9").contains(initial) else {
      position = start
      throw fault("a key")
    }
    return word
  }

  /// A number or a constant.
  private mutating func word() throws(Fault) -> JSONValue {
    let start = position
    let word = run {
      $0.isASCII && ($0.properties.isAlphabetic || "+-.0123456789".contains(Character($0)))
    }
    switch word {
    case "null": return .null
    case "true": return .bool(true)
    case "false": return .bool(false)
    default: break
    }
    if let number = Self.number(word) { return number }
    position = start
    throw fault("a value")
  }

  private static func number(_ word: String) -> JSONValue? {
    let isNegative = word.hasPrefix("-")
    let digits = isNegative || word.hasPrefix("+") ? word.dropFirst() : word[...]
    if digits == "Infinity" { return .number(isNegative ? -.infinity : .infinity) }
    if digits == "NaN" { return .number(.nan) }
    let sign = isNegative ? "-" : ""
    if digits.lowercased().hasPrefix("0x") {
      return Int(sign + digits.dropFirst(2), radix: 16).map(JSONValue.integer)
    }
    guard let first = digits.first, first.isNumber || first == ".",
      digits.allSatisfy({ $0.isNumber || "eE.+-".contains($0) }),
      first != "0" || !(digits.dropFirst().first?.isNumber ?? false)
    else { return nil }
    if let integer = Int(sign + digits) { return .integer(integer) }
    let closed = digits.hasSuffix(".") ? digits.dropLast() : digits
    return Double(sign + (closed.hasPrefix(".") ? "0" : "") + closed).map(JSONValue.number)
  }

  private mutating func run(while condition: (Unicode.Scalar) -> Bool) -> String {
    var result = String.UnicodeScalarView()
    while position < text.count, condition(text[position]) {
      result.append(text[position])
      position += 1
    }
    return String(result)
  }

  private mutating func string() throws(Fault) -> String {
    let quote = text[position]
    var result = String.UnicodeScalarView()
    position += 1
    while position < text.count, text[position] != "\n" {
      let scalar = text[position]
      if scalar == quote {
        position += 1
        return String(result)
      } else if scalar == "\\" {
        if let escaped = try escape() { result.append(escaped) }
      } else {
        result.append(scalar)
        position += 1
      }
    }
    throw fault("the closing quote \(quote)")
  }

  /// Reads an escape sequence; an escaped line break stands for nothing.
  private mutating func escape() throws(Fault) -> Unicode.Scalar? {
    let plain: [Unicode.Scalar: Unicode.Scalar] = [
      "n": "\n", "t": "\t", "r": "\r", "b": "\u{8}", "f": "\u{C}", "v": "\u{B}", "0": "\0",
    ]
    guard position + 1 < text.count else { throw fault("an escape sequence") }
    let letter = text[position + 1]
    switch letter {
    case "u", "x":
      guard var unit = hexadecimal(letter) else { throw fault("hexadecimal digits") }
      if (0xD800..<0xDC00).contains(unit), position < text.count, text[position] == "\\",
        position + 1 < text.count, text[position + 1] == "u", let low = hexadecimal("u"),
        (0xDC00..<0xE000).contains(low)
      {
        unit = 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(unit) else { throw fault("a surrogate pair") }
      return scalar
    case "\r" where position + 2 < text.count && text[position + 2] == "\n":
      position += 3
      return nil
    default:
      position += 2
      return letter == "\n" ? nil : plain[letter] ?? letter
    }
  }

  /// Reads the digits of `\uXXXX` or `\xXX` at the position, and passes them.
  private mutating func hexadecimal(_ letter: Unicode.Scalar) -> UInt32? {
    let count = letter == "u" ? 4 : 2
    guard position + 2 + count <= text.count else { return nil }
    let digits = text[(position + 2)..<(position + 2 + count)]
    guard digits.allSatisfy(\.properties.isASCIIHexDigit) else { return nil }
    position += 2 + count
    return UInt32(String(String.UnicodeScalarView(digits)), radix: 16)
  }
}
