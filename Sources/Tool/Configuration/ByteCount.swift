/// An amount of memory, written as `"4 GB"` or as a number of bytes.
struct ByteCount: Codable, Equatable, CustomStringConvertible {
  /// The bytes.
  var bytes: Int

  init(_ bytes: Int) { self.bytes = bytes }

  private static let units: [(name: String, bytes: Int)] = [
    ("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1000), ("B", 1),
  ]

  /// Reads an amount such as `500 MB`; nil if it is none, or negative.
  init?(_ text: String) {
    let digits = text.prefix { $0.isNumber || $0 == "." }
    let name = text.dropFirst(digits.count).drop { $0 == " " }.lowercased()
    guard let number = Double(digits),
      let unit = Self.units.first(where: { $0.name.lowercased() == name }),
      number * Double(unit.bytes) < 0x1p62
    else { return nil }
    bytes = Int(number * Double(unit.bytes))
  }

  /// The amount in the largest unit that divides it.
  var description: String {
    let unit = Self.units.first { bytes >= $0.bytes && bytes % $0.bytes == 0 } ?? ("B", 1)
    return "\(bytes / unit.bytes) \(unit.name)"
  }

  init(from decoder: any Decoder) throws {
    if let text = decoder.word() {
      guard let count = ByteCount(text) else {
        throw decoder.fault("it should be an amount such as \"4 GB\", but is \"\(text)\".")
      }
      self = count
    } else {
      bytes = try decoder.singleValueContainer().decode(Int.self)
      guard bytes >= 0 else { throw decoder.fault("it must not be negative, but is \(bytes).") }
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
