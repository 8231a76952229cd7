import Tensors

/// Why a model's file cannot be used: which key, what was expected, what was found.
public struct ModelFileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The path of the file.
  public let file: String
  /// The tensor or the entry of the metadata, nil where the file as a whole is meant.
  public let key: String?
  /// The expected content.
  public let expected: String
  /// The content that was found.
  public let found: String

  /// Describes a fault.
  public init(file: String, key: String? = nil, expected: String, found: String) {
    self.file = file
    self.key = key
    self.expected = expected
    self.found = found
  }

  /// One sentence with everything that is known, without control characters; long texts are shortened.
  public var description: String {
    let place = key.map { "\(file), '\($0.shortened())'" } ?? file
    return "\(place): expected \(expected.shortened()), found \(found.shortened())".printable()
  }
}
