import Tensors

/// Why a table of metrics could not be read or written.
public struct MetricsTableError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file as it was named; empty while only its text is known.
  public var file = ""

  /// The line, counted from one, if one is to blame.
  public var line: Int?

  /// A sentence on the expected and the found text.
  public var reason: String

  /// The error in full sentences, without control characters.
  public var description: String {
    "\(file)\(line.map { ", line \($0)" } ?? ""): \(reason)".printable()
  }
}
