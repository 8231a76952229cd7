import Train

extension KeyedDecodingContainer {
  /// Refuses the value of a key by a rule of its own, in a sentence that continues its path.
  func require(_ isMet: Bool, _ key: Key, _ sentence: @autoclosure () -> String) throws {
    guard !isMet else { return }
    throw DecodingError.dataCorruptedError(forKey: key, in: self, debugDescription: sentence())
  }

  /// Refuses a number that is not above zero.
  func requirePositive<Value: Numeric & Comparable>(_ value: Value, _ key: Key) throws {
    try require(value > 0, key, "it must be larger than 0, but is \(value).")
  }

  /// Refuses a number below zero.
  func requireNotNegative<Value: Numeric & Comparable>(_ value: Value, _ key: Key) throws {
    try require(value >= 0, key, "it must not be negative, but is \(value).")
  }
}

extension Decoder {
  /// The only key of an object such as `{ adam: {…} }`, which chooses one of several things.
  func choice<Key: CodingKey & CaseIterable>(of type: Key.Type) throws -> Key {
    let names = try container(keyedBy: AnyName.self).allKeys.map(\.stringValue).sorted()
    let known = Key.allCases.map(\.stringValue)
    if names.count == 1, let key = Key(stringValue: names[0]) { return key }
    var sentence = "it should have exactly one key of \(known.joined(separator: ", "))"
    if names.count == 1 {
      sentence += ", but has '\(names[0])'"
      sentence += nearestName(to: names[0], among: known).map { "; did you mean '\($0)'?" } ?? "."
    } else {
      sentence += ", but has \(names.isEmpty ? "none" : names.joined(separator: ", "))."
    }
    throw DecodingError.dataCorrupted(
      .init(codingPath: codingPath, debugDescription: sentence))
  }

  /// The word that stands where a word or an object may stand; nil where there is no word.
  func word() -> String? { try? singleValueContainer().decode(String.self) }

  /// An error that continues the path of the value being decoded.
  func fault(_ sentence: String) -> DecodingError {
    .dataCorrupted(.init(codingPath: codingPath, debugDescription: sentence))
  }

  /// An error for a word that is none of those known.
  func unknown(_ word: String, known: [String], or alternative: String) -> DecodingError {
    let advice =
      nearestName(to: word, among: known).map { "did you mean \"\($0)\"?" }
      ?? "it is one of \(known.map { "\"\($0)\"" }.joined(separator: ", ")), or \(alternative)."
    return fault("this cannot be \"\(word)\"; \(advice)")
  }
}

/// Any name in an object.
private struct AnyName: CodingKey {
  var stringValue: String
  var intValue: Int? { nil }

  init?(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}
