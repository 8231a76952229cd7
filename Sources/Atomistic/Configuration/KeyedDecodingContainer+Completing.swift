import Foundation

extension KeyedDecodingContainer {
  /// Decodes an object in which every key may be left out: keys that are not there are taken from a
  /// value with the defaults.
  ///
  /// So a type whose coding the compiler writes can be decoded from some of its keys.
  ///
  /// - Parameters:
  ///   - key: The key of the object.
  ///   - defaults: The value that gives the other keys.
  /// - Returns: The decoded value.
  /// - Throws: `DecodingError` with the place of the fault.
  public func decode<Value: Codable>(forKey key: Key, completing defaults: Value) throws -> Value {
    let given = try decode(JSONValue.self, forKey: key)
    guard case .object(var entries) = given else {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: self, debugDescription: "it should be an object in braces.")
    }
    let encoder = JSONEncoder()
    if case .object(let known)? = try? JSONDecoder().decode(
      JSONValue.self, from: encoder.encode(defaults))
    {
      entries.merge(known) { given, _ in given }
    }
    let path = codingPath + [key]
    let completed = JSONValue.object(entries)
    do {
      return try JSONDecoder().decode(Value.self, from: encoder.encode(completed))
    } catch DecodingError.dataCorrupted(let context) {
      if context.codingPath.isEmpty, let place = completed.misfit(of: Value.self, JSONDecoder()) {
        throw DecodingError.dataCorrupted(
          .init(
            codingPath: path + place.codingPath,
            debugDescription: "this should be \(JSONValue.fittingNumber), but is "
              + "\(completed[place]?.inWords ?? "not there")."))
      }
      throw DecodingError.dataCorrupted(context.behind(path))
    } catch DecodingError.typeMismatch(let type, let context) {
      throw DecodingError.typeMismatch(type, context.behind(path))
    } catch DecodingError.valueNotFound(let type, let context) {
      throw DecodingError.valueNotFound(type, context.behind(path))
    } catch DecodingError.keyNotFound(let key, let context) {
      throw DecodingError.keyNotFound(key, context.behind(path))
    }
  }
}

extension DecodingError.Context {
  /// The same fault, with its place counted from further outside.
  fileprivate func behind(_ path: [any CodingKey]) -> Self {
    Self(
      codingPath: path + codingPath, debugDescription: debugDescription,
      underlyingError: underlyingError)
  }
}
