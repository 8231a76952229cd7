/// Decodes a type from one value of a document.
struct JSONNodeDecoder: Decoder {
  var node: JSONNode

  var codingPath: [any CodingKey] { node.path.steps.map(DocumentKey.init) }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(
    keyedBy type: Key.Type
  ) throws -> KeyedDecodingContainer<Key> {
    KeyedDecodingContainer(try JSONKeyedContainer<Key>(node: node))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    JSONListContainer(node: node, elements: try node.elements())
  }

  func singleValueContainer() -> any SingleValueDecodingContainer {
    JSONSingleContainer(node: node)
  }
}

/// A step of a path where the standard library asks for a coding key.
struct DocumentKey: CodingKey {
  var step: KeyPathInDocument.Step

  init(_ step: KeyPathInDocument.Step) { self.step = step }
  init(stringValue: String) { step = .key(stringValue) }
  init(intValue: Int) { step = .index(intValue) }

  var stringValue: String {
    switch step {
    case .key(let key): key
    case .index(let index): "\(index)"
    }
  }

  var intValue: Int? {
    if case .index(let index) = step { index } else { nil }
  }
}

/// One value that is not an object or a list for the type that asks.
private struct JSONSingleContainer: SingleValueDecodingContainer {
  var node: JSONNode

  var codingPath: [any CodingKey] { node.path.steps.map(DocumentKey.init) }

  func decodeNil() -> Bool { node.value == .null }
  func decode(_ type: Bool.Type) throws -> Bool { try node.bool() }
  func decode(_ type: String.Type) throws -> String { try node.string() }
  func decode(_ type: Double.Type) throws -> Double { try node.real(type) }
  func decode(_ type: Float.Type) throws -> Float { try node.real(type) }
  func decode(_ type: Int.Type) throws -> Int { try node.integer(type) }
  func decode(_ type: Int8.Type) throws -> Int8 { try node.integer(type) }
  func decode(_ type: Int16.Type) throws -> Int16 { try node.integer(type) }
  func decode(_ type: Int32.Type) throws -> Int32 { try node.integer(type) }
  func decode(_ type: Int64.Type) throws -> Int64 { try node.integer(type) }
  func decode(_ type: UInt.Type) throws -> UInt { try node.integer(type) }
  func decode(_ type: UInt8.Type) throws -> UInt8 { try node.integer(type) }
  func decode(_ type: UInt16.Type) throws -> UInt16 { try node.integer(type) }
  func decode(_ type: UInt32.Type) throws -> UInt32 { try node.integer(type) }
  func decode(_ type: UInt64.Type) throws -> UInt64 { try node.integer(type) }
  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try node.decode(type) }
}
