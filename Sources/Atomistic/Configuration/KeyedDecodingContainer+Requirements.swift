/// The rules of a value beyond its type, for settings that are decoded from a configuration.
///
///     let container = try decoder.container(keyedBy: CodingKeys.self)
///     width = try container.decode(.width, default: width)
///     try container.requirePositive(width, .width)
extension KeyedDecodingContainer {
  /// Refuses the value of a key by a rule of its own.
  ///
  /// Throws `DecodingError`; `StrictJSON` prints the path of the key, a colon and the sentence.
  public func require(
    _ isMet: Bool, _ key: Key, _ sentence: @autoclosure () -> String
  ) throws {
    guard !isMet else { return }
    throw DecodingError.dataCorruptedError(forKey: key, in: self, debugDescription: sentence())
  }

  /// Throws `DecodingError` for a number that is not above zero.
  public func requirePositive<Value: Numeric & Comparable>(_ value: Value, _ key: Key) throws {
    try require(value > 0, key, "it must be larger than 0, but is \(value).")
  }

  /// Throws `DecodingError` for a count that is not above zero, or so large that sums of such counts would
  /// not be numbers any more.
  public func requirePositive<Value: BinaryInteger>(_ value: Value, _ key: Key) throws {
    try require(value > 0, key, "it must be larger than 0, but is \(value).")
    try requireAtMost(1_000_000_000_000, value, key)
  }

  /// Throws `DecodingError` for a number above another.
  public func requireAtMost<Value: BinaryInteger>(_ most: Int, _ value: Value, _ key: Key) throws {
    try require(value <= most, key, "it must be at most \(most), but is \(value).")
  }

  /// Throws `DecodingError` for a number below zero.
  public func requireNotNegative<Value: Numeric & Comparable>(_ value: Value, _ key: Key) throws {
    try require(value >= 0, key, "it must not be negative, but is \(value).")
  }

  /// Throws `DecodingError` for a number x outside `0 ≤ x < 1`.
  public func requireFraction(_ value: Double, _ key: Key) throws {
    try require(
      (0..<1).contains(value), key, "it must be at least 0 and less than 1, but is \(value).")
  }
}
