/// Checks of the values of symmetry functions in files: what traps in a program's own values is damage
/// in those of a file.
extension KeyedDecodingContainer {
  /// Refuses the value of a key with a sentence.
  func check(_ isMet: Bool, _ key: Key, _ sentence: @autoclosure () -> String) throws {
    guard !isMet else { return }
    throw DecodingError.dataCorruptedError(forKey: key, in: self, debugDescription: sentence())
  }

  /// The atomic number of an element.
  func element(_ key: Key) throws -> Int {
    let number = try decode(Int.self, forKey: key)
    try check((1...118).contains(number), key, "\(number) is no atomic number")
    return number
  }

  /// The atomic number of an element, nil where there is none.
  func elementIfPresent(_ key: Key) throws -> Int? {
    guard contains(key), try !decodeNil(forKey: key) else { return nil }
    return try element(key)
  }

  /// The width of a Gaussian.
  func width(_ key: Key) throws -> Double {
    let width = try decode(Double.self, forKey: key)
    try check(width >= 0, key, "\(width) is negative")
    return width
  }

  /// The exponent of the angular part.
  func exponent(_ key: Key) throws -> Double {
    let exponent = try decode(Double.self, forKey: key)
    try check(exponent > 0 && exponent <= 1e9, key, "\(exponent) is not above 0 and at most 1e9")
    return exponent
  }
}
