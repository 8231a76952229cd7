/// A word as JSON5 reads numbers: decimal or hexadecimal, with a sign or without, `Infinity` or `NaN`.
enum JSON5Number {
  /// A whole number, or any other one.
  case value(JSONValue)
  /// A number beyond the range of 64 bits.
  case tooLarge

  /// Reads a word; nil for one that is no number.
  init?(_ word: String) {
    let sign = word.hasPrefix("-") ? "-" : ""
    let size = word.hasPrefix("-") || word.hasPrefix("+") ? word.dropFirst() : word[...]
    if size == "Infinity" {
      self = .value(.number(sign.isEmpty ? .infinity : -.infinity))
    } else if size == "NaN" {
      self = .value(.number(.nan))
    } else if size.hasPrefix("0x") || size.hasPrefix("0X") {
      let digits = size.dropFirst(2)
      guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isHexDigit }) else { return nil }
      self = Int(sign + digits, radix: 16).map { .value(.integer($0)) } ?? .tooLarge
    } else if Self.isDecimal(size) {
      if let value = Int(sign + size) {
        self = .value(.integer(value))
      } else if let value = Double(sign + size), value.isFinite {
        self = .value(.number(value))
      } else {
        self = .tooLarge
      }
    } else {
      return nil
    }
  }

  /// Whether a text is `1`, `1.`, `1.5`, `.5` or one of these with an exponent; a zero does not begin
  /// further digits.
  private static func isDecimal(_ text: Substring) -> Bool {
    var rest = text.utf8[...]
    func skipDigits() -> Int {
      let count = rest.prefix(while: Ascii.isDigit).count
      rest = rest.dropFirst(count)
      return count
    }
    let beginsWithZero = rest.first == UInt8(ascii: "0")
    let whole = skipDigits()
    var fraction = 0
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      fraction = skipDigits()
    }
    guard whole + fraction > 0, whole < 2 || !beginsWithZero else { return false }
    if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
      rest = rest.dropFirst()
      if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") {
        rest = rest.dropFirst()
      }
      guard skipDigits() > 0 else { return false }
    }
    return rest.isEmpty
  }
}
