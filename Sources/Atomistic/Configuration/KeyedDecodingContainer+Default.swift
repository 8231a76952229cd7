extension KeyedDecodingContainer {
  /// Decodes the value of a key, or takes the default where the key is absent or null.
  public func decode<Value: Decodable>(
    _ key: Key, default fallback: @autoclosure () -> Value
  ) throws -> Value {
    try decodeIfPresent(Value.self, forKey: key) ?? fallback()
  }

  /// Decodes one of the words of an enumeration, or takes the default where the key is absent.
  ///
  /// Throws `DecodingError` with the nearest word, or all of them, where the text is none of them.
  public func decode<Value: Decodable & CaseIterable & RawRepresentable<String>>(
    _ key: Key, default fallback: @autoclosure () -> Value
  ) throws -> Value {
    try decodeWord(key) ?? fallback()
  }

  /// Decodes one of the words of an enumeration; nil where the key is absent or null.
  ///
  /// Throws `DecodingError` with the nearest word, or all of them, where the text is none of them.
  public func decodeWord<Value: CaseIterable & RawRepresentable<String>>(
    _ key: Key
  ) throws -> Value? {
    guard let text = try decodeIfPresent(String.self, forKey: key) else { return nil }
    if let value = Value(rawValue: text) { return value }
    let words = Value.allCases.map(\.rawValue)
    let advice =
      nearestName(to: text, among: words).map { "did you mean \"\($0)\"?" }
      ?? "it is one of \(words.map { "\"\($0)\"" }.joined(separator: ", "))."
    throw DecodingError.dataCorruptedError(
      forKey: key, in: self, debugDescription: "this cannot be \"\(text.shortened())\"; \(advice)")
  }
}
