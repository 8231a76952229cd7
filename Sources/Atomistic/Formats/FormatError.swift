import Tensors

/// A fault in a file: its place, what was expected, what was found and some advice.
public struct FormatError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The path of the file as it was given.
  public var file: String
  /// The line counted from one, if the fault has one.
  public var line: Int?
  /// The key, column or keyword at fault, if it has a name.
  public var key: String?
  /// What should have been there, as a noun phrase.
  public var expected: String
  /// The content that was found, as a noun phrase.
  public var found: String
  /// What to do, as an imperative clause.
  public var advice: String?

  /// Describes a fault.
  public init(
    file: String, line: Int? = nil, key: String? = nil, expected: String, found: String,
    advice: String? = nil
  ) {
    self.file = file
    self.line = line
    self.key = key
    self.expected = expected
    self.found = found
    self.advice = advice
  }

  /// One sentence with everything that is known, without control characters; a long text that was
  /// found, or a long key, is shortened.
  public var description: String {
    var sentence = file
    if let line { sentence += ", line \(line)" }
    if let key { sentence += ", \(key.shortened())" }
    sentence += ": expected \(expected), found \(found.shortened())"
    if let advice { sentence += "; \(advice)" }
    return sentence.printable()
  }
}

extension FormatError {
  /// The fault of a text whose last line has no end.
  static func openEnd(file: String, line: Int) -> FormatError {
    FormatError(
      file: file, line: line, expected: "an end of the last line",
      found: "the end of the file, perhaps within a number",
      advice: "get the file again if it is cut off; add a newline at its end if it is whole")
  }
}
