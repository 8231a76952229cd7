/// An object being decoded; every key asked for is recorded.
struct JSONKeyedContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
  private var node: JSONNode
  private var members: [String: JSONValue]

  init(node: JSONNode) throws(ConfigurationError.Fault) {
    self.node = node
    members = try node.members()
    node.record.visit(node.path, present: members.keys)
  }

  var codingPath: [any CodingKey] { node.path.steps.map(DocumentKey.init) }
  var allKeys: [Key] { members.keys.sorted().compactMap(Key.init(stringValue:)) }

  func contains(_ key: Key) -> Bool {
    node.record.ask(key.stringValue, at: node.path)
    return members[key.stringValue] != nil
  }

  private func child(_ key: any CodingKey) throws(ConfigurationError.Fault) -> JSONNode {
    node.record.ask(key.stringValue, at: node.path)
    guard let value = members[key.stringValue] else {
      throw .missingKey(
        node.path.appending(.key(key.stringValue)), unused: node.record.unused(at: node.path))
    }
    return node.child(.key(key.stringValue), value)
  }

  func decodeNil(forKey key: Key) throws -> Bool { try child(key).value == .null }
  func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try child(key).bool() }
  func decode(_ type: String.Type, forKey key: Key) throws -> String { try child(key).string() }
  func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try child(key).real(type) }
  func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try child(key).real(type) }
  func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try child(key).integer(type) }
  func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try child(key).integer(type) }
  func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try child(key).integer(type) }
  func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try child(key).integer(type) }
  func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try child(key).integer(type) }
  func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try child(key).integer(type) }
  func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try child(key).integer(type) }
  func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 {
    try child(key).integer(type)
  }
  func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 {
    try child(key).integer(type)
  }
  func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 {
    try child(key).integer(type)
  }
  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    try child(key).decode(type)
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> {
    try JSONNodeDecoder(node: child(key)).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try JSONNodeDecoder(node: child(key)).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder {
    JSONNodeDecoder(node: try child(DocumentKey(stringValue: "super")))
  }

  func superDecoder(forKey key: Key) throws -> any Decoder {
    JSONNodeDecoder(node: try child(key))
  }
}

/// A list being decoded, from its first element to its last.
struct JSONListContainer: UnkeyedDecodingContainer {
  var node: JSONNode
  var elements: [JSONValue]
  var currentIndex = 0

  var codingPath: [any CodingKey] { node.path.steps.map(DocumentKey.init) }
  var count: Int? { elements.count }
  var isAtEnd: Bool { currentIndex == elements.count }

  /// The next element, which is passed only when it could be decoded.
  private mutating func next<Value>(
    _ body: (JSONNode) throws -> Value
  ) throws -> Value {
    guard !isAtEnd else {
      throw node.mismatch("a list of more than \(currentIndex) values")
    }
    let value = try body(node.child(.index(currentIndex), elements[currentIndex]))
    currentIndex += 1
    return value
  }

  mutating func decodeNil() throws -> Bool {
    guard !isAtEnd, elements[currentIndex] == .null else { return false }
    currentIndex += 1
    return true
  }

  mutating func decode(_ type: Bool.Type) throws -> Bool { try next { try $0.bool() } }
  mutating func decode(_ type: String.Type) throws -> String { try next { try $0.string() } }
  mutating func decode(_ type: Double.Type) throws -> Double { try next { try $0.real(type) } }
  mutating func decode(_ type: Float.Type) throws -> Float { try next { try $0.real(type) } }
  mutating func decode(_ type: Int.Type) throws -> Int { try next { try $0.integer(type) } }
  mutating func decode(_ type: Int8.Type) throws -> Int8 { try next { try $0.integer(type) } }
  mutating func decode(_ type: Int16.Type) throws -> Int16 { try next { try $0.integer(type) } }
  mutating func decode(_ type: Int32.Type) throws -> Int32 { try next { try $0.integer(type) } }
  mutating func decode(_ type: Int64.Type) throws -> Int64 { try next { try $0.integer(type) } }
  mutating func decode(_ type: UInt.Type) throws -> UInt { try next { try $0.integer(type) } }
  mutating func decode(_ type: UInt8.Type) throws -> UInt8 { try next { try $0.integer(type) } }
  mutating func decode(_ type: UInt16.Type) throws -> UInt16 { try next { try $0.integer(type) } }
  mutating func decode(_ type: UInt32.Type) throws -> UInt32 { try next { try $0.integer(type) } }
  mutating func decode(_ type: UInt64.Type) throws -> UInt64 { try next { try $0.integer(type) } }
  mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    try next { try $0.decode(type) }
  }

  mutating func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type
  ) throws -> KeyedDecodingContainer<Nested> {
    try next { try JSONNodeDecoder(node: $0).container(keyedBy: type) }
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try next { try JSONNodeDecoder(node: $0).unkeyedContainer() }
  }

  mutating func superDecoder() throws -> any Decoder { try next { JSONNodeDecoder(node: $0) } }
}
