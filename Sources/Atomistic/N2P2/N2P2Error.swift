/// Why a file of n2p2 or RuNNer cannot be used: where, what was expected, what stood there, what
/// to do.
public struct N2P2Error: Error, Hashable, Sendable, CustomStringConvertible {
  /// The name of the file.
  public let file: String
  /// The line, counted from 1, or `nil` where the file as a whole is meant.
  public let line: Int?
  /// What the format asks for.
  public let expected: String
  /// What the file holds.
  public let found: String
  /// What can be done about it; empty where that is plain.
  public let advice: String

  /// Makes an error about a line of a file.
  public init(file: String, line: Int?, expected: String, found: String, advice: String = "") {
    self.file = file
    self.line = line
    self.expected = expected
    self.found = found
    self.advice = advice
  }

  /// One sentence, followed by the advice.
  public var description: String {
    let place = line.map { "\(file):\($0)" } ?? file
    let sentence = "\(place): expected \(expected), found \(found)."
    return advice.isEmpty ? sentence : "\(sentence) \(advice)"
  }
}
