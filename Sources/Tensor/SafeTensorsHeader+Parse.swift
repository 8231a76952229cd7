extension SafeTensorsHeader {
  /// Reads the header; it must have exactly the members the format names, each of them once.
  init(json: [UInt8]) throws(SafeTensorsError.Fault) {
    var parser = SafeTensorsHeaderParser(bytes: json)
    entries = [:]
    metadata = [:]
    var sawMetadata = false
    try parser.expect("{")
    while let name = try parser.nextKey() {
      if name == "__metadata__" {
        guard !sawMetadata else { throw .duplicate(name: name) }
        sawMetadata = true
        try parser.expect("{")
        while let key = try parser.nextKey() {
          let value = try parser.string("the text of '\(key)'")
          guard metadata.updateValue(value, forKey: key) == nil else {
            throw .duplicate(name: key)
          }
        }
      } else {
        let entry = try parser.entry(name)
        guard entries.updateValue(entry, forKey: name) == nil else {
          throw .duplicate(name: name)
        }
      }
    }
    try parser.expectEnd()
  }
}

/// Reads the few shapes of JSON that a safetensors header may have, without recursion.
private struct SafeTensorsHeaderParser {
  let bytes: [UInt8]
  var position = 0
  /// Whether the next key is the first of its object, and so has no comma before it.
  var isFirst = true

  init(bytes: [UInt8]) { self.bytes = bytes }

  typealias Fault = SafeTensorsError.Fault

  func fault(_ expected: String) -> Fault {
    .malformedHeader(byte: 8 + position, expected: expected)
  }

  /// Skips white space and lends the next byte.
  mutating func peek() -> UInt8? {
    while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) {
      position += 1
    }
    return position < bytes.count ? bytes[position] : nil
  }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard peek() == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  mutating func expect(_ character: Unicode.Scalar) throws(Fault) {
    guard take(character) else { throw fault("'\(character)'") }
    isFirst = character == "{"
  }

  mutating func expectEnd() throws(Fault) {
    guard peek() == nil else { throw fault("nothing more after its closing brace") }
  }

  /// The next key of the open object, or `nil` at its closing brace.
  mutating func nextKey() throws(Fault) -> String? {
    if take("}") {
      isFirst = false
      return nil
    }
    if !isFirst { try expect(",") }
    let key = try string("a name")
    try expect(":")
    return key
  }

  mutating func entry(_ name: String) throws(Fault) -> SafeTensorsHeader.Entry {
    var type: ScalarType?
    var shape: [Int]?
    var offsets: [Int]?
    try expect("{")
    while let key = try nextKey() {
      switch key {
      case "dtype" where type == nil:
        let text = try string("the type of tensor '\(name)'")
        type = ScalarType(safeTensorsName: text)
        guard type != nil else { throw .unsupportedType(tensor: name, type: text) }
      case "shape" where shape == nil:
        shape = try numbers("the shape of tensor '\(name)'")
      case "data_offsets" where offsets == nil:
        offsets = try numbers("the offsets of tensor '\(name)'")
      default:
        throw fault("dtype, shape and data_offsets of '\(name)', once each, and not '\(key)'")
      }
    }
    guard let type, let shape, let offsets, offsets.count == 2 else {
      throw fault("dtype, shape and two data_offsets for tensor '\(name)'")
    }
    return .init(type: type, shape: shape, begin: offsets[0], end: offsets[1])
  }

  mutating func numbers(_ meaning: String) throws(Fault) -> [Int] {
    var result: [Int] = []
    try expect("[")
    while !take("]") {
      if !result.isEmpty { try expect(",") }
      result.append(try number(meaning))
    }
    return result
  }

  mutating func number(_ meaning: String) throws(Fault) -> Int {
    _ = peek()
    let start = position
    while position < bytes.count, (0x30...0x39).contains(bytes[position]) { position += 1 }
    let digits = bytes[start..<position]
    guard let value = Int(String(decoding: digits, as: UTF8.self)),
      digits.count == 1 || digits.first != 0x30
    else {
      position = start
      throw fault("a whole number below 2^63 in \(meaning)")
    }
    return value
  }

  mutating func string(_ meaning: String) throws(Fault) -> String {
    guard take("\"") else { throw fault("\(meaning), in quotes") }
    var text: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "\""):
        guard let result = String(validating: text, as: UTF8.self) else {
          throw fault("\(meaning) in UTF-8")
        }
        position += 1
        return result
      case UInt8(ascii: "\\"): try appendEscape(to: &text)
      case 0..<0x20: throw fault("\(meaning) without control characters")
      default:
        text.append(byte)
        position += 1
      }
    }
    throw fault("the closing quote of \(meaning)")
  }

  /// Reads one escape sequence, a surrogate pair as a whole.
  mutating func appendEscape(to text: inout [UInt8]) throws(Fault) {
    let short: [UInt8: UInt8] = [
      0x22: 0x22, 0x5C: 0x5C, 0x2F: 0x2F, 0x62: 0x08, 0x66: 0x0C, 0x6E: 0x0A, 0x72: 0x0D,
      0x74: 0x09,
    ]
    let letter = position + 1 < bytes.count ? bytes[position + 1] : 0
    if let byte = short[letter] {
      text.append(byte)
      position += 2
      return
    }
    guard var unit = hexadecimal(at: position) else { throw fault("a valid escape sequence") }
    position += 6
    if (0xD800..<0xDC00).contains(unit), let low = hexadecimal(at: position),
      (0xDC00..<0xE000).contains(low)
    {
      unit = 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
      position += 6
    }
    guard let scalar = Unicode.Scalar(unit) else { throw fault("a surrogate pair") }
    text.append(contentsOf: UTF8.encode(scalar)!)
  }

  /// The value of a `\uXXXX` sequence at a position.
  func hexadecimal(at position: Int) -> UInt32? {
    guard position + 6 <= bytes.count, bytes[position] == UInt8(ascii: "\\"),
      bytes[position + 1] == UInt8(ascii: "u")
    else { return nil }
    var value: UInt32 = 0
    for byte in bytes[(position + 2)..<(position + 6)] {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
      value = value << 4 + UInt32(digit)
    }
    return value
  }
}
