import Foundation

extension SafeTensorsHeader {
  /// Reads the header, which must have exactly the members that the format names.
  init(json: [UInt8]) throws(SafeTensorsError.Fault) {
    do {
      self = try JSONDecoder().decode(Self.self, from: Data(json))
    } catch let fault as SafeTensorsError.Fault {
      throw fault
    } catch let DecodingError.typeMismatch(_, context) {
      throw .malformedHeader(Self.sentence(context))
    } catch let DecodingError.keyNotFound(_, context) {
      throw .malformedHeader(Self.sentence(context))
    } catch let DecodingError.valueNotFound(_, context) {
      throw .malformedHeader(Self.sentence(context))
    } catch let DecodingError.dataCorrupted(context) {
      throw .malformedHeader(Self.sentence(context))
    } catch {
      throw .malformedHeader("\(error)")
    }
  }

  /// The header as compact JSON with sorted keys, padded with spaces to a multiple of 8 bytes.
  var json: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard var bytes = try? [UInt8](encoder.encode(self)) else {
      trap("SafeTensors: texts and whole numbers can always be written as JSON")
    }
    while bytes.count % 8 != 0 { bytes.append(UInt8(ascii: " ")) }
    return bytes
  }

  private static func sentence(_ context: DecodingError.Context) -> String {
    let place = context.codingPath.map(\.stringValue).joined(separator: ".")
    return (place.isEmpty ? "" : "'\(place)': ") + context.debugDescription
  }
}

/// A name in the header.
private struct Name: CodingKey {
  static let metadata = Name(stringValue: "__metadata__")

  var stringValue: String
  var intValue: Int? { nil }

  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

extension SafeTensorsHeader: Codable {
  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Name.self)
    metadata = try container.decodeIfPresent([String: String].self, forKey: .metadata) ?? [:]
    entries = [:]
    for name in container.allKeys where name.stringValue != Name.metadata.stringValue {
      entries[name.stringValue] = try container.decode(Entry.self, forKey: name)
    }
  }

  func encode(to encoder: any Encoder) throws {
    ensure(
      entries[Name.metadata.stringValue] == nil,
      "SafeTensors: '__metadata__' cannot name a tensor")
    var container = encoder.container(keyedBy: Name.self)
    if !metadata.isEmpty { try container.encode(metadata, forKey: .metadata) }
    for (name, entry) in entries { try container.encode(entry, forKey: Name(stringValue: name)) }
  }
}

extension SafeTensorsHeader.Entry: Codable {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case dtype, shape
    case offsets = "data_offsets"
  }

  init(from decoder: any Decoder) throws {
    let names = try decoder.container(keyedBy: Name.self).allKeys.map(\.stringValue)
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let dtype = try container.decode(String.self, forKey: .dtype)
    shape = try container.decode([Int].self, forKey: .shape)
    let offsets = try container.decode([Int].self, forKey: .offsets)
    guard names.count == CodingKeys.allCases.count, offsets.count == 2,
      (shape + offsets).allSatisfy({ $0 >= 0 })
    else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "expected dtype, shape and two data_offsets, none of them negative, "
            + "found \(names.sorted().joined(separator: ", ")) with the shape \(shape) and the "
            + "data_offsets \(offsets)"))
    }
    guard let type = ScalarType(safeTensorsName: dtype) else {
      let name = decoder.codingPath.last?.stringValue ?? ""
      throw SafeTensorsError.Fault.unsupportedType(tensor: name, type: dtype)
    }
    (self.type, begin, end) = (type, offsets[0], offsets[1])
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(type.safeTensorsName, forKey: .dtype)
    try container.encode(shape, forKey: .shape)
    try container.encode([begin, end], forKey: .offsets)
  }
}
