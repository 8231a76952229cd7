public import Foundation

/// A configuration document, read so that no mistake in it goes unnoticed.
///
/// The text is JSON that may hold comments, trailing commas and bare keys (JSON5). Decoding
/// refuses a key that the decoded type does not ask for, so a type needs no list of its keys: they
/// are those that its `init(from:)` looks at.
public struct StrictJSON: Sendable, Equatable {
  /// The file, or wherever else the document comes from, for error messages.
  public let source: String

  /// The document as a tree.
  public private(set) var root: JSONValue

  /// Reads a file.
  ///
  /// - Throws: `ConfigurationError` when the file cannot be read or is not JSON.
  public init(contentsOf file: URL) throws(ConfigurationError) {
    do {
      try self.init(Data(contentsOf: file), source: file.path)
    } catch let error as ConfigurationError {
      throw error
    } catch {
      throw ConfigurationError(
        source: file.path, fault: .unreadable(error.localizedDescription))
    }
  }

  /// Reads text.
  ///
  /// - Throws: `ConfigurationError` when the text is not JSON.
  public init(_ text: Data, source: String) throws(ConfigurationError) {
    self.source = source
    guard let text = String(data: text, encoding: .utf8) else {
      throw ConfigurationError(source: source, fault: .malformed("it is not UTF-8 text."))
    }
    do {
      root = try JSON5Parser.parse(text)
    } catch {
      throw ConfigurationError(source: source, fault: error)
    }
  }

  /// Makes the document mean something.
  ///
  /// - Throws: `ConfigurationError` for an unknown key, a missing key, a value of another type, or
  ///   a value that the type itself refuses by throwing any error that prints as a sentence.
  public func decode<Value: Decodable>(_ type: Value.Type) throws(ConfigurationError) -> Value {
    let record = KeyRecord()
    let node = JSONNode(value: root, path: KeyPathInDocument(), record: record)
    do throws(ConfigurationError.Fault) {
      let value = try node.decode(type)
      try record.checkUnknownKeys()
      return value
    } catch {
      throw ConfigurationError(source: source, fault: error)
    }
  }

  /// Replaces one value, as `--set network.layers[0]=32` asks for.
  ///
  /// The value is JSON5 where it can be read as such, else text. Objects on the way that are
  /// not there are made; an element of a list must be there.
  ///
  /// - Throws: `ConfigurationError` when there is no equals sign or the path leads nowhere.
  public mutating func set(_ assignment: String) throws(ConfigurationError) {
    do throws(ConfigurationError.Fault) {
      guard let equals = assignment.firstIndex(of: "=") else {
        throw .assignment(assignment, reason: "it should have the form key.path=value.")
      }
      let text = String(assignment[assignment.index(after: equals)...])
      let value = try? JSON5Parser.parse(text)
      let steps = try Self.steps(assignment[..<equals], in: assignment)
      try root.set(steps[...], to: value ?? .string(text), in: assignment)
    } catch {
      throw ConfigurationError(source: source, fault: error)
    }
  }

  /// The text of a configuration, with sorted keys, so that the same content gives the same text.
  ///
  /// - Throws: `ConfigurationError` when a number is not finite, which JSON cannot say.
  public static func text(of configuration: some Encodable) throws(ConfigurationError) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      return String(decoding: try encoder.encode(configuration), as: UTF8.self) + "\n"
    } catch {
      let found =
        if case EncodingError.invalidValue(_, let context) = error {
          context.debugDescription
        } else {
          "\(error)"
        }
      throw ConfigurationError(source: "\(type(of: configuration))", fault: .unwritable(found))
    }
  }
}
