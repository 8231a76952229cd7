/// The bounds beyond which a number is damage and not physics.
enum LabelLimits {
  /// No energy of a structure is larger, in eV.
  static let energy = 1e12
  /// No force component is larger, in eV/angstrom.
  static let force = 1e6
  /// No stress component is larger, in eV/angstrom^3.
  static let stress = 1e6
  /// No coordinate is larger, in angstrom.
  static let position = 1e7

  /// The requirement on a number of this kind, for error messages.
  static func expected(_ limit: Double, _ unit: String) -> String {
    "a number of at most \(limit) \(unit)"
  }
}

/// The words by which a file says that there is no value.
enum MissingValue {
  /// Whether a word stands for no value: `None`, `nan` or `null` in any case, or nothing.
  static func isMeant(by word: some StringProtocol) -> Bool {
    switch word.lowercased() {
    case "", "none", "nan", "+nan", "-nan", "null": true
    default: false
    }
  }
}

extension TextLines {
  /// Whether a field stands for no value.
  func saysNone(_ range: Range<Int>) -> Bool {
    guard !range.isEmpty else { return true }
    // Nearly all fields are numbers: no text is made of them.
    let hasSign =
      bytes[range.lowerBound] == UInt8(ascii: "-") || bytes[range.lowerBound] == UInt8(ascii: "+")
    let start = range.lowerBound + (hasSign ? 1 : 0)
    guard start < range.upperBound, bytes[start] | 0x20 == UInt8(ascii: "n") else { return false }
    return MissingValue.isMeant(by: text(range))
  }
}
