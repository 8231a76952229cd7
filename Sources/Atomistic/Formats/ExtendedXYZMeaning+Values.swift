/// The values of header entries: numbers, matrices, and the words that say that there is none.
extension ExtendedXYZMeaning {
  /// Whether a value, or a part of it, says that there is none.
  func saysNone(_ entry: ExtendedXYZHeader.Entry) -> Bool {
    let fields = Self.fields(entry.value)
    return fields.isEmpty || fields.contains { MissingValue.isMeant(by: $0) }
  }

  /// Whether a matrix says that there is none; a stress is infinite where a volume was missing.
  func saysNoMatrix(_ entry: ExtendedXYZHeader.Entry) -> Bool {
    saysNone(entry)
      || Self.fields(entry.value).contains {
        ["inf", "+inf", "-inf", "infinity", "-infinity"].contains($0.lowercased())
      }
  }

  /// Nine numbers row by row, or six in Voigt's order xx yy zz yz xz xy.
  func matrix(_ entry: ExtendedXYZHeader.Entry) throws(FormatError) -> Matrix3 {
    let v = try numbers(entry, counts: [9, 6])
    return v.count == 9
      ? Matrix3(rowMajor: v)
      : Matrix3([v[0], v[5], v[4]], [v[5], v[1], v[3]], [v[4], v[3], v[2]])
  }

  func numbers(
    _ entry: ExtendedXYZHeader.Entry, counts: [Int]
  ) throws(FormatError) -> [Double] {
    let fields = Self.fields(entry.value)
    let values = fields.compactMap { DecimalNumber.double($0) }
    guard values.count == fields.count, counts.contains(values.count) else {
      let count = counts.map(String.init).joined(separator: " or ")
      throw lines.fault(
        key: entry.key, expected: "\(count) finite number\(counts == [1] ? "" : "s")",
        found: TextLines.quoted(entry.value))
    }
    return values
  }

  /// The JSON of a value that ASE has written, or nil for other values.
  static func json(_ value: String) -> Substring? {
    value.hasPrefix("_JSON ") ? value.dropFirst("_JSON ".count) : nil
  }

  /// Words between blanks, commas and brackets.
  static func fields(_ value: String) -> [String] {
    (json(value) ?? value[...]).split { $0.isWhitespace || ",[]{}".contains($0) }.map(String.init)
  }
}
