/// One value of a document being decoded, with its place and the record of all keys asked for.
struct JSONNode {
  typealias Fault = ConfigurationError.Fault

  var value: JSONValue
  var path: KeyPathInDocument
  var record: KeyRecord

  func child(_ step: KeyPathInDocument.Step, _ value: JSONValue) -> JSONNode {
    JSONNode(value: value, path: path.appending(step), record: record)
  }

  func mismatch(_ expected: String) -> Fault {
    .mismatch(path, expected: expected, found: value.inWords)
  }

  /// Decodes any type; errors of the type's own come back with their place.
  func decode<Value: Decodable>(_ type: Value.Type) throws(Fault) -> Value {
    if Value.self == JSONValue.self, let tree = value as? Value { return tree }
    if let choices = Self.choices(of: type), case .string(let text) = value,
      !choices.contains(text)
    {
      throw .unknownChoice(path, found: text, known: choices)
    }
    do {
      return try Value(from: JSONNodeDecoder(node: self))
    } catch let fault as Fault {
      throw fault
    } catch DecodingError.dataCorrupted(let context) {
      throw .invalid(path, reason: context.debugDescription)
    } catch {
      throw .invalid(path, reason: "\(error)")
    }
  }

  /// The raw values of an enumeration that lists its cases.
  private static func choices(of type: Any.Type) -> [String]? {
    func list<Value: CaseIterable & RawRepresentable<String>>(_ type: Value.Type) -> [String] {
      type.allCases.map(\.rawValue)
    }
    guard let type = type as? any (CaseIterable & RawRepresentable<String>).Type else {
      return nil
    }
    return list(type)
  }

  func bool() throws(Fault) -> Bool {
    guard case .bool(let value) = value else { throw mismatch("true or false") }
    return value
  }

  func string() throws(Fault) -> String {
    guard case .string(let value) = value else { throw mismatch("text in quotes") }
    return value
  }

  func integer<Value: FixedWidthInteger>(_ type: Value.Type) throws(Fault) -> Value {
    let exact: Value? =
      switch value {
      case .integer(let value): Value(exactly: value)
      // Such as 1e6; beyond 2^53 the digits of the text may be lost already.
      case .number(let value) where abs(value) <= 0x1p53: Value(exactly: value)
      default: nil
      }
    guard let exact else {
      throw mismatch("a whole number from \(Value.min) to \(Value.max)")
    }
    return exact
  }

  func real<Value: BinaryFloatingPoint>(_ type: Value.Type) throws(Fault) -> Value {
    switch value {
    case .integer(let value): return Value(value)
    case .number(let value): return Value(value)
    default: throw mismatch("a number")
    }
  }

  func members() throws(Fault) -> [String: JSONValue] {
    guard case .object(let members) = value else { throw mismatch("an object in braces") }
    return members
  }

  func elements() throws(Fault) -> [JSONValue] {
    guard case .array(let elements) = value else { throw mismatch("a list in brackets") }
    return elements
  }
}

/// Which keys were asked for in each object that a decoder looked into.
final class KeyRecord {
  private var visited: [KeyPathInDocument: (present: Set<String>, asked: Set<String>)] = [:]

  func visit(_ path: KeyPathInDocument, present: some Sequence<String>) {
    visited[path, default: ([], [])].present.formUnion(present)
  }

  func ask(_ key: String, at path: KeyPathInDocument) {
    visited[path]?.asked.insert(key)
  }

  /// The keys of an object that nobody has asked for.
  func unused(at path: KeyPathInDocument) -> [String] {
    visited[path].map { $0.present.subtracting($0.asked).sorted() } ?? []
  }

  /// Refuses the first key, in order of paths, that nobody has asked for.
  func checkUnknownKeys() throws(ConfigurationError.Fault) {
    let paths = visited.keys.sorted { $0.description < $1.description }
    for path in paths {
      if let key = unused(at: path).first {
        let known = visited[path]?.asked.sorted() ?? []
        throw .unknownKey(path.appending(.key(key)), known: known)
      }
    }
  }
}
