extension KeyedDecodingContainer {
  /// Decodes the value of a key, or takes the default where the key is absent or null.
  public func decode<Value: Decodable>(
    _ key: Key, default fallback: @autoclosure () -> Value
  ) throws -> Value {
    try decodeIfPresent(Value.self, forKey: key) ?? fallback()
  }
}
