/// The key of an object, known only when it is read, such as the name of an optimizer.
public struct NamedKey: CodingKey, Hashable {
  /// The name.
  public let stringValue: String

  /// None: lists have no names.
  public var intValue: Int? { nil }

  /// Makes the key of a name.
  public init(_ name: String) { stringValue = name }

  /// Makes the key of a name.
  public init?(stringValue: String) { self.init(stringValue) }

  /// Always nil.
  public init?(intValue: Int) { nil }
}

extension Decoder {
  /// The only key of an object such as `{ adam: {…} }`, which chooses one of several things.
  ///
  /// Throws `DecodingError` that lists the known names, with the nearest to the one given.
  public func choice<Key: CodingKey & CaseIterable>(of type: Key.Type) throws -> Key {
    let name = try choice(among: Key.allCases.map(\.stringValue)).stringValue
    // The name is one of these: `choice` throws for any other.
    return Key.allCases.first { $0.stringValue == name }!
  }

  /// The only key of an object such as `{ adam: {…} }`, one of names that are known at run time.
  ///
  /// Throws `DecodingError` that lists the known names, and either the nearest to the one given or
  /// the advice, a sentence on how to add a name.
  public func choice(among known: [String], advice: String? = nil) throws -> NamedKey {
    let keys = try container(keyedBy: NamedKey.self).allKeys
    if keys.count == 1, known.contains(keys[0].stringValue) { return keys[0] }
    let names = keys.map(\.stringValue).sorted()
    let found =
      names.isEmpty
      ? "none"
      : names.map { "'\($0.shortened(to: KeyPathInDocument.longestKey))'" }
        .joined(separator: ", ").shortened()
    var sentence =
      "it should have exactly one key of \(known.joined(separator: ", ")), but has \(found)"
    if names.count == 1, let nearest = nearestName(to: names[0], among: known) {
      sentence += "; did you mean '\(nearest)'?"
    } else {
      sentence += "."
      if names.count == 1, let advice { sentence += " " + advice }
    }
    throw fault(sentence)
  }

  /// The text of a value that may be a word or an object; nil where it is no text.
  public func word() -> String? { try? singleValueContainer().decode(String.self) }

  /// An error that continues the path of the value being decoded.
  public func fault(_ sentence: String) -> DecodingError {
    .dataCorrupted(.init(codingPath: codingPath, debugDescription: sentence))
  }

  /// An error for a word that is none of the known ones, with the nearest or all of them.
  public func unknown(
    _ word: String, known: [String], or alternative: String
  ) -> DecodingError {
    let advice =
      nearestName(to: word, among: known).map { "did you mean \"\($0)\"?" }
      ?? "it is one of \(known.map { "\"\($0)\"" }.joined(separator: ", ")), or \(alternative)."
    return fault("this cannot be \"\(word.shortened())\"; \(advice)")
  }
}
