import Foundation

extension JSONValue {
  private typealias Fault = ConfigurationError.Fault

  /// The tree that a value encodes to.
  init(describing value: some Encodable) throws(ConfigurationError.Fault) {
    do {
      let data = try JSONEncoder().encode(value)
      self = try JSONDecoder().decode(JSONValue.self, fromDocument: data)
    } catch let EncodingError.invalidValue(_, context) {
      throw .invalid(KeyPathInDocument(context.codingPath), reason: context.debugDescription)
    } catch {
      throw .unwritable("\(error)")
    }
  }

  /// Decodes a type from the tree; every fault has its place.
  func decoded<Value: Decodable>(
    as type: Value.Type, userInfo: [CodingUserInfoKey: any Sendable]
  ) throws(ConfigurationError.Fault) -> Value {
    let data: Data
    do {
      data = try JSONEncoder().encode(self)
    } catch let EncodingError.invalidValue(_, context) {
      throw .invalid(KeyPathInDocument(context.codingPath), reason: "the number must be finite.")
    } catch {
      throw .unwritable("\(error)")
    }
    let decoder = JSONDecoder()
    decoder.userInfo = userInfo
    do {
      return try decoder.decode(type, fromDocument: data)
    } catch let error as DecodingError {
      throw fault(error, of: type, decoder)
    } catch {
      throw .invalid(KeyPathInDocument(), reason: "\(error)")
    }
  }

  /// Refuses the first key that stands in this tree but not in `known`; null is as good as absent.
  func checkKeys(
    against known: JSONValue, at path: KeyPathInDocument = KeyPathInDocument()
  ) throws(ConfigurationError.Fault) {
    for (step, value) in children where value != .null {
      let place = path.appending(step)
      if let counterpart = known[KeyPathInDocument(steps: [step])] {
        try value.checkKeys(against: counterpart, at: place)
      } else if case .object = known {
        throw .unknownKey(place, known: known.keys)
      }
    }
  }

  private func fault(
    _ error: DecodingError, of type: any Decodable.Type, _ decoder: JSONDecoder
  ) -> Fault {
    switch error {
    case .typeMismatch(let wanted, let context):
      return mismatch(KeyPathInDocument(context.codingPath), Self.words(for: wanted))
    case .valueNotFound(let wanted, let context):
      return mismatch(KeyPathInDocument(context.codingPath), Self.words(for: wanted))
    case .keyNotFound(let key, let context):
      let parent = KeyPathInDocument(context.codingPath)
      return .missingKey(
        parent.appending(.key(key.stringValue)), given: self[parent]?.keys ?? [])
    case .dataCorrupted(let context) where context.codingPath.isEmpty:
      // Foundation says the document is broken, but it is its own: a number does not fit.
      let path = misfit(of: type, decoder)
      return path.map { mismatch($0, "a whole number, and not too large") }
        ?? .invalid(KeyPathInDocument(), reason: context.debugDescription)
    case .dataCorrupted(let context):
      return .invalid(KeyPathInDocument(context.codingPath), reason: context.debugDescription)
    @unknown default:
      return .invalid(KeyPathInDocument(), reason: "\(error)")
    }
  }

  private func mismatch(_ path: KeyPathInDocument, _ expected: String) -> Fault {
    .mismatch(path, expected: expected, found: self[path]?.inWords ?? "not there")
  }

  private static func words(for type: Any.Type) -> String {
    switch type {
    case is Bool.Type: "true or false"
    case is String.Type: "text in quotes"
    case is any FixedWidthInteger.Type: "a whole number"
    case is any BinaryFloatingPoint.Type: "a number"
    case is [Any].Type: "a list in brackets"
    case is [String: Any].Type: "an object in braces"
    default: "\(type)"
    }
  }

  /// The place of a number that the type at that place cannot hold: replaced by 1, it is no fault.
  private func misfit<Value: Decodable>(
    of type: Value.Type, _ decoder: JSONDecoder
  ) -> KeyPathInDocument? {
    var tree = self
    for path in numbers(at: []) {
      try? tree.set(path.steps.map(\.text)[...], to: .integer(1), in: "")
      do {
        _ = try decoder.decode(type, fromDocument: JSONEncoder().encode(tree))
        return path
      } catch let DecodingError.dataCorrupted(context) where context.codingPath.isEmpty {
        continue
      } catch {
        return path
      }
    }
    return nil
  }

  private func numbers(at steps: [KeyPathInDocument.Step]) -> [KeyPathInDocument] {
    switch self {
    case .integer, .number: [KeyPathInDocument(steps: steps)]
    default: children.flatMap { $0.value.numbers(at: steps + [$0.step]) }
    }
  }
}
