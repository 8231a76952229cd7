/// A JSON document as a tree, before it is decoded.
public enum JSONValue: Sendable, Hashable {
  /// The absence of a value.
  case null
  /// True or false.
  case bool(Bool)
  /// A whole number that fits 64 bits, however it is written.
  case integer(Int)
  /// Any other number.
  case number(Double)
  /// Text.
  case string(String)
  /// An ordered list.
  case array([JSONValue])
  /// Values by name.
  case object([String: JSONValue])

  /// The value at the end of a path; nil where the path leads nowhere.
  subscript(path: KeyPathInDocument) -> JSONValue? {
    path.steps.reduce(self) { value, step in
      switch (value, step) {
      case (.object(let members), .key(let key)): members[key]
      case (.array(let elements), .index(let index)) where elements.indices.contains(index):
        elements[index]
      default: nil
      }
    }
  }

  /// The values directly below this one, each with the step to it.
  var children: [(step: KeyPathInDocument.Step, value: JSONValue)] {
    switch self {
    case .object(let members): members.sorted { $0.key < $1.key }.map { (.key($0.key), $0.value) }
    case .array(let elements): elements.enumerated().map { (.index($0.offset), $0.element) }
    case .null, .bool, .integer, .number, .string: []
    }
  }

  /// The names in an object; nothing in anything else.
  var keys: [String] {
    if case .object(let members) = self { members.keys.sorted() } else { [] }
  }

  /// The kind of the value, in words for an error message.
  var inWords: String {
    switch self {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .integer(let value): "the number \(value)"
    case .number(let value): "the number \(value)"
    case .string(let value): "the text \(TextLines.quoted(value))"
    case .array(let values): "a list of \(values.count) values"
    case .object: "an object"
    }
  }
}

extension JSONValue: Codable {
  /// Reads any JSON value.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Int.self) {
      self = .integer(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if (try? decoder.unkeyedContainer()) != nil {
      self = .array(try container.decode([JSONValue].self))
    } else if (try? decoder.container(keyedBy: NoKey.self)) != nil {
      self = .object(try container.decode([String: JSONValue].self))
    } else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "this is not a number that 64 bits can hold.")
    }
  }

  private enum NoKey: CodingKey {}

  /// Writes the value as itself.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .bool(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .string(let value): try container.encode(value)
    case .array(let values): try container.encode(values)
    case .object(let members): try container.encode(members)
    }
  }
}
