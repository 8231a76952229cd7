public import Foundation
import Tensors

/// A configuration document, read so that no mistake in it goes unnoticed.
///
/// The text is JSON that may hold comments, trailing commas and bare keys (JSON5), in UTF-8. Decoding
/// refuses a key that the decoded type does not know.
public struct StrictJSON: Sendable, Equatable {
  /// The file, or wherever else the document comes from, for error messages.
  public let source: String

  /// The document as a tree.
  public private(set) var root: JSONValue

  /// The document as it was read, with the assignments since.
  let original: JSONValue
  private(set) var assignments: [Assignment] = []

  /// Reads a file.
  ///
  /// - Throws: `ConfigurationError` when the file cannot be read or is not JSON.
  public init(contentsOf file: URL) throws(ConfigurationError) {
    let text: Data
    do { text = try WholeFile.read(file.path, atMost: Self.longest) } catch {
      throw ConfigurationError(
        source: file.path,
        fault: error.code == ENOENT ? .absent : .unreadable(error.reason))
    }
    try self.init(text, source: file.path)
  }

  /// The most bytes of a file, far beyond what people write.
  private static let longest = 100_000_000

  /// Reads text.
  ///
  /// - Throws: `ConfigurationError` when the text is not JSON.
  public init(_ text: Data, source: String) throws(ConfigurationError) {
    self.source = source
    do {
      original = try JSONValue(parsing: text)
    } catch {
      throw ConfigurationError(source: source, fault: error)
    }
    root = original
  }

  /// Makes the document mean something.
  ///
  /// Keys are unknown if they do not occur in what the decoded value encodes to; so a type has to
  /// encode all its keys, those without a value as null.
  ///
  /// - Parameters:
  ///   - type: The type to decode.
  ///   - userInfo: The `userInfo` of the decoder, such as the catalogue of optimizers to choose from.
  /// - Returns: The value that the document describes.
  /// - Throws: `ConfigurationError` for an unknown key, a missing key, a value of another type, or
  ///   a value that the type itself refuses by throwing any error that prints as a sentence; its
  ///   source is where that value comes from.
  public func decode<Value: Codable>(
    _ type: Value.Type, userInfo: [CodingUserInfoKey: any Sendable] = [:]
  ) throws(ConfigurationError) -> Value {
    do throws(ConfigurationError.Fault) {
      let value = try root.decoded(as: type, userInfo: userInfo)
      try root.checkKeys(against: try JSONValue(describing: value))
      return value
    } catch {
      throw ConfigurationError(source: source(of: error), fault: error)
    }
  }

  /// Replaces one value, as `--set network.layers[0]=32` asks for.
  ///
  /// The value is JSON5 where it can be read as such, else text. Objects on the way that are
  /// not there are made; an element of a list must be there.
  ///
  /// - Parameters:
  ///   - assignment: The path of a key, an equals sign and a value.
  ///   - source: Where the assignment comes from, for error messages, such as the option.
  /// - Throws: `ConfigurationError` when there is no equals sign or the path leads nowhere.
  public mutating func set(_ assignment: String, from source: String) throws(ConfigurationError) {
    do throws(ConfigurationError.Fault) {
      guard let equals = assignment.firstIndex(of: "=") else {
        throw .assignment(assignment, reason: "it should have the form key.path=value.")
      }
      let text = String(assignment[assignment.index(after: equals)...])
      let value = try? JSONValue(parsing: Data(text.utf8))
      let steps = try Self.steps(assignment[..<equals], in: assignment)
      try root.set(steps[...], to: value ?? .string(text), in: assignment)
      assignments.append(Assignment(steps: steps, source: source))
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

extension StrictJSON {
  /// Refuses keys that are no more, each with the advice what to write instead.
  ///
  /// - Parameter advice: The advice by the path of the key, such as `loss.energyWeight`.
  /// - Throws: `ConfigurationError` for the first such key.
  public func refuse(_ advice: [String: String]) throws(ConfigurationError) {
    for (key, sentence) in advice.sorted(by: { $0.key < $1.key }) {
      let path = KeyPathInDocument(steps: key.split(separator: ".").map { .key(String($0)) })
      guard root[path] != nil else { continue }
      let fault = ConfigurationError.Fault.invalid(
        path, reason: "there is no such key; \(sentence)")
      throw ConfigurationError(source: source(of: fault), fault: fault)
    }
  }
}
