/// A type that can be read from one word of a command line.
protocol ArgumentValue: Sendable {
  /// Reads a word; `nil` where it does not fit.
  init?(argument: String)

  /// What is expected, to complete the sentence "… should be".
  static var expectation: String { get }

  /// The words that are possible, where they can be listed.
  static var choices: [String] { get }

  /// The word that gives the value back, for the default in a help text.
  var argument: String { get }
}

extension ArgumentValue {
  static var choices: [String] { [] }
  var argument: String { "\(self)" }
}

extension String: ArgumentValue {
  init?(argument: String) { self = argument }
  static var expectation: String { "text" }
}

extension Int: ArgumentValue {
  init?(argument: String) { self.init(argument) }
  static var expectation: String { "a whole number" }
}

extension Double: ArgumentValue {
  init?(argument: String) {
    guard let value = Double(argument), value.isFinite else { return nil }
    self = value
  }
  static var expectation: String { "a finite number" }
}

/// An enumeration of words needs only to say that it is an argument.
extension ArgumentValue where Self: CaseIterable & RawRepresentable<String> {
  init?(argument: String) { self.init(rawValue: argument) }
  static var expectation: String { "one of " + choices.joined(separator: ", ") }
  static var choices: [String] { allCases.map(\.rawValue) }
  var argument: String { rawValue }
}
