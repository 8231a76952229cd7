import Foundation

extension JSONDecoder {
  /// A decoder of JSON that may hold comments, trailing commas and bare keys.
  static var json5: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.allowsJSON5 = true
    return decoder
  }

  /// Decodes a document that may end in a number.
  ///
  /// Foundation looks for the end of a number with `strtod`, which knows nothing of the end of the
  /// data, and looks at the byte after `0x`. So behind a number that is the end of a document it reads
  /// foreign memory, and traps if a digit happens to be there. A line break behind the document stops
  /// it, and changes no meaning.
  func decode<Value: Decodable>(
    _ type: Value.Type, fromDocument text: Data
  ) throws -> Value {
    try decode(type, from: text + [UInt8(ascii: "\n")])
  }
}
