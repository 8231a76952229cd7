extension JSON5Reader {
  /// Text in single or double quotes.
  mutating func string() throws(Fault) -> String {
    let (start, quote) = (position, next)
    advance()
    var text = String.UnicodeScalarView()
    while let scalar = next, scalar != quote {
      if scalar == "\n" || scalar == "\r" { break }
      advance()
      if scalar != "\\" {
        text.append(scalar)
      } else if let meant = try escape() {
        text.append(meant)
      }
    }
    guard next == quote else {
      throw fault("a quote after the text", at: start, found: "none before the line ends")
    }
    advance()
    return String(text)
  }

  /// The scalar behind a backslash; nil for the end of a line, which continues the text.
  private mutating func escape() throws(Fault) -> Unicode.Scalar? {
    let start = position - 1
    guard let scalar = next else { return nil }
    advance()
    switch scalar {
    case "n": return "\n"
    case "t": return "\t"
    case "r": return "\r"
    case "b": return "\u{8}"
    case "f": return "\u{c}"
    case "v": return "\u{b}"
    case "u": return try escapedScalar()
    case "x": return Unicode.Scalar(UInt8(try hexadecimal(digits: 2)))
    case "\r":
      _ = take("\n")
      return nil
    case "\n", "\u{2028}", "\u{2029}": return nil
    case "0" where next.map { !("0"..."9").contains($0) } ?? true: return "\0"
    case "0"..."9": throw fault("\\0, \\x or \\u for a character by its number", at: start)
    default: return scalar
    }
  }

  /// The scalar of four hexadecimal digits behind `\u`, or of two such escapes that are surrogates.
  mutating func escapedScalar() throws(Fault) -> Unicode.Scalar {
    let start = position - 2
    let first = try hexadecimal(digits: 4)
    if let scalar = Unicode.Scalar(first) { return scalar }
    if first < 0xdc00, take("\\"), take("u") {
      let second = try hexadecimal(digits: 4)
      if (0xdc00...0xdfff).contains(second),
        let scalar = Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00))
      {
        return scalar
      }
    }
    throw fault("two halves of a surrogate pair", at: start, found: "one of them alone")
  }

  private mutating func hexadecimal(digits count: Int) throws(Fault) -> UInt32 {
    let start = position
    var value: UInt32 = 0
    for _ in 0..<count {
      guard let scalar = next, scalar.isASCII, let digit = Character(scalar).hexDigitValue else {
        throw fault("\(count) hexadecimal digits", at: start)
      }
      value = value << 4 + UInt32(digit)
      advance()
    }
    return value
  }
}
