import Foundation

/// Numbers in text, from bytes.
package enum DecimalNumber {
  /// The double nearest to a decimal number such as `-1.5e-3`, or nil if the text is anything else.
  ///
  /// `nan`, `inf`, hexadecimal numbers and numbers too large for a double are nil; Fortran's
  /// `1.0D-3` is accepted. Numbers of at most 2^53 times a power of ten up to 10^22 are exact with
  /// one operation (Clinger 1990); the others go through `strtod`.
  static func double(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
    var index = 0
    let end = bytes.count
    var isNegative = false
    if index < end, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") {
      isNegative = bytes[index] == UInt8(ascii: "-")
      index += 1
    }
    var mantissa: UInt64 = 0
    let start = index
    appendDigits(of: bytes, from: &index, to: &mantissa)
    var (digits, scale) = (index - start, 0)
    if index < end, bytes[index] == UInt8(ascii: ".") {
      index += 1
      let start = index
      appendDigits(of: bytes, from: &index, to: &mantissa)
      scale = start - index
      digits -= scale
    }
    guard digits > 0 else { return nil }
    if index < end {
      guard let exponent = exponent(bytes, from: index) else { return nil }
      scale += exponent
    }
    // Nineteen digits fit into the mantissa; what more of them make of it is not looked at.
    if digits <= 19, mantissa <= 1 << 53, scale >= -22, scale <= 22 {
      let value = Double(mantissa)
      let result = scale < 0 ? value / powersOfTen[-scale] : value * powersOfTen[scale]
      return isNegative ? -result : result
    }
    return slowDouble(bytes)
  }

  /// The integer of a decimal text with an optional sign, or nil.
  static func integer(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    var digits = bytes[...]
    let isNegative = digits.first == UInt8(ascii: "-")
    if isNegative || digits.first == UInt8(ascii: "+") { digits = digits.dropFirst() }
    guard !digits.isEmpty, digits.count <= 18, digits.allSatisfy(Ascii.isDigit) else { return nil }
    let magnitude = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    return isNegative ? -magnitude : magnitude
  }

  /// The double of a string, by the rules of `double(_:)`.
  package static func double(_ text: some StringProtocol) -> Double? {
    Array(text.utf8).withUnsafeBufferPointer { double($0) }
  }

  /// The integer of a string, by the rules of `integer(_:)`.
  package static func integer(_ text: some StringProtocol) -> Int? {
    Array(text.utf8).withUnsafeBufferPointer { integer($0) }
  }

  /// Appends the digits from `index` on, and moves `index` behind them.
  @inline(__always)
  private static func appendDigits(
    of bytes: UnsafeBufferPointer<UInt8>, from index: inout Int, to mantissa: inout UInt64
  ) {
    while index < bytes.count {
      let digit = bytes[index] &- UInt8(ascii: "0")
      guard digit < 10 else { return }
      mantissa = mantissa &* 10 &+ UInt64(digit)
      index += 1
    }
  }

  /// The exponent from the letter at `start` to the end, or nil if that is no exponent.
  private static func exponent(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    switch bytes[start] {
    case UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "d"), UInt8(ascii: "D"): break
    default: return nil
    }
    guard let value = integer(UnsafeBufferPointer(rebasing: bytes[(start + 1)...])) else {
      return nil
    }
    return abs(value) <= 100_000 ? value : nil
  }

  private static func slowDouble(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
    let value = withUnsafeTemporaryAllocation(of: CChar.self, capacity: bytes.count + 1) { copy in
      for (index, byte) in bytes.enumerated() {
        let isFortran = byte == UInt8(ascii: "d") || byte == UInt8(ascii: "D")
        copy.initializeElement(
          at: index, to: CChar(bitPattern: isFortran ? UInt8(ascii: "e") : byte))
      }
      copy.initializeElement(at: bytes.count, to: 0)
      return copy.baseAddress.map { strtod($0, nil) } ?? .nan
    }
    return value.isFinite ? value : nil
  }

  private static let powersOfTen: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
    1e18, 1e19, 1e20, 1e21, 1e22,
  ]
}

extension TextLines {
  /// The number in a range, or nil.
  func double(_ range: Range<Int>) -> Double? {
    bytes.withUnsafeBufferPointer { DecimalNumber.double(UnsafeBufferPointer(rebasing: $0[range])) }
  }

  /// The integer in a range, or nil.
  func integer(_ range: Range<Int>) -> Int? {
    bytes.withUnsafeBufferPointer {
      DecimalNumber.integer(UnsafeBufferPointer(rebasing: $0[range]))
    }
  }
}
