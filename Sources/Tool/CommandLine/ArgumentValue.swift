/// A type that can be read from one word of a command line.
public protocol ArgumentValue: Sendable {
  /// Reads a word; `nil` where it does not fit.
  init?(argument: String)

  /// The requirement, to complete the sentence "… should be".
  static var expectation: String { get }

  /// The words that are possible, where they can be listed.
  static var choices: [String] { get }

  /// The word that gives the value back, for the default in a help text.
  var argument: String { get }
}

extension ArgumentValue {
  /// None that could be listed.
  public static var choices: [String] { [] }

  /// The value's description.
  public var argument: String { "\(self)" }
}

extension String: ArgumentValue {
  /// Reads a word; nil where it does not fit.
  public init?(argument: String) {
    // Nothing is no name: as a folder it would be the current one.
    guard !argument.isEmpty else { return nil }
    self = argument
  }

  /// The requirement on a word.
  public static var expectation: String { "a text that is not empty" }
}

extension Int: ArgumentValue {
  /// Reads a word; nil where it does not fit.
  public init?(argument: String) { self.init(argument) }

  /// The requirement on a word.
  public static var expectation: String { "a whole number" }
}

extension Double: ArgumentValue {
  /// Reads a word; nil where it does not fit.
  public init?(argument: String) {
    guard let value = Double(argument), value.isFinite else { return nil }
    self = value
  }

  /// The requirement on a word.
  public static var expectation: String { "a finite number" }
}

/// An enumeration of words needs only to say that it is an argument.
extension ArgumentValue where Self: CaseIterable & RawRepresentable<String> {
  /// Reads a word; nil where it does not fit.
  public init?(argument: String) { self.init(rawValue: argument) }

  /// The requirement on a word.
  public static var expectation: String { "one of " + choices.joined(separator: ", ") }

  /// The possible words.
  public static var choices: [String] { allCases.map(\.rawValue) }

  /// The word that gives the value back.
  public var argument: String { rawValue }
}
