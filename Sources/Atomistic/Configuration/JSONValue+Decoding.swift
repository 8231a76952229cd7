import Foundation

extension JSONValue {
  private typealias Fault = ConfigurationError.Fault

  /// Reads the text of a JSON5 document (https://spec.json5.org).
  init(parsing text: Data) throws(ConfigurationError.Fault) {
    _ = try JSON5Check(text)
    do { self = try JSONDecoder.json5.decode(JSONValue.self, fromDocument: text) } catch {
      throw .invalid(KeyPathInDocument(), reason: "Foundation does not read this: \(error)")
    }
  }

  /// The tree that a value encodes to.
  init(describing value: some Encodable) throws(ConfigurationError.Fault) {
    do {
      self = try JSONDecoder().decode(
        JSONValue.self, fromDocument: JSONEncoder().encode(value))
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
      return path.map { mismatch($0, Self.fittingNumber) }
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

  /// What a number that does not fit should be.
  static let fittingNumber = "a whole number, and not too large"

  /// The place of the first number that the type at that place cannot hold: the tree decodes with all
  /// numbers from there on replaced by 1, but not with all behind it.
  func misfit<Value: Decodable>(
    of type: Value.Type, _ decoder: JSONDecoder
  ) -> KeyPathInDocument? {
    let places = numbers(at: [])
    func decodes(keeping count: Int) -> Bool {
      var rest = count
      let tree = keepingNumbers(&rest)
      do {
        _ = try decoder.decode(type, fromDocument: JSONEncoder().encode(tree))
      } catch let DecodingError.dataCorrupted(context) where context.codingPath.isEmpty {
        return false
      } catch {
        return true
      }
      return true
    }
    guard decodes(keeping: 0), !decodes(keeping: places.count) else { return nil }
    var (good, bad) = (0, places.count)
    while bad - good > 1 {
      let middle = (good + bad) / 2
      if decodes(keeping: middle) { good = middle } else { bad = middle }
    }
    return places[good]
  }

  private func numbers(at steps: [KeyPathInDocument.Step]) -> [KeyPathInDocument] {
    switch self {
    case .integer, .number: [KeyPathInDocument(steps: steps)]
    default: children.flatMap { $0.value.numbers(at: steps + [$0.step]) }
    }
  }

  /// The tree with its first numbers, in the order of `numbers(at:)`, and with 1 for each later one.
  private func keepingNumbers(_ count: inout Int) -> JSONValue {
    switch self {
    case .integer, .number:
      count -= 1
      return count >= 0 ? self : .integer(1)
    case .array(let elements): return .array(elements.map { $0.keepingNumbers(&count) })
    case .object(var members):
      for key in keys { members[key] = members[key]?.keepingNumbers(&count) }
      return .object(members)
    case .null, .bool, .string: return self
    }
  }
}
