import Tensors

/// A parameter of a command: a flag, an option with a value, or a positional argument.
public protocol Parameter: Sendable {
  /// `steps` for `--steps N`, or the meaning of a positional argument, such as `CONFIG.json`.
  var name: String { get }
  /// The letter of the short form, if there is one.
  var letter: Character? { get }
  /// The text for the help, in one sentence.
  var help: String { get }
  /// The number of times that it may be given.
  var occurrence: Occurrence { get }
  /// The placeholder of the value; `nil` for a flag.
  var placeholder: String? { get }
  /// Whether the parameter is known by its place on the command line.
  var isPositional: Bool { get }
  /// The word that stands for an absent one, in the help.
  var fallback: String? { get }
  /// The possible values, where they can be listed.
  var choices: [String] { get }
  /// Refuses a value of the wrong type.
  func check(_ word: String) throws(UsageError)
}

/// The number of times that a parameter may be given.
public enum Occurrence: Sendable {
  /// Once or not at all.
  case optional
  /// Once.
  case required
  /// Any number of times.
  case repeated
  /// At least once.
  case several
}

extension Parameter {
  /// None.
  public var letter: Character? { nil }
  /// None.
  public var fallback: String? { nil }
  /// None that could be listed.
  public var choices: [String] { [] }
  /// False: it is known by its name.
  public var isPositional: Bool { false }

  /// The parameter as a user writes it.
  public var spelling: String { isPositional ? name : "--\(name)" }

  /// Refuses a word that is not of the given type.
  public func check<Value: ArgumentValue>(_ word: String, as type: Value.Type) throws(UsageError) {
    guard Value(argument: word) == nil else { return }
    throw .wrongValue(
      of: spelling, expected: Value.expectation, found: word, choices: Value.choices)
  }
}

/// A switch, off unless it is given.
public struct Flag: Parameter {
  /// The name without hyphens.
  public let name: String
  /// The letter of the short form, if there is one.
  public let letter: Character?
  /// One sentence for the help.
  public let help: String

  /// Declares a flag, `--name`.
  public init(_ name: String, letter: Character? = nil, help: String) {
    (self.name, self.letter, self.help) = (name, letter, help)
  }

  /// At most once.
  public var occurrence: Occurrence { .optional }
  /// None: a flag takes no value.
  public var placeholder: String? { nil }
  /// Refuses every value.
  public func check(_ word: String) throws(UsageError) { throw .valueOfFlag(spelling) }
}

/// A name with a value, as `--steps 100` or `--steps=100`.
public struct Option<Value: ArgumentValue>: Parameter {
  /// The name without hyphens.
  public let name: String
  /// The letter of the short form, if there is one.
  public let letter: Character?
  /// What stands for the value in the help.
  public let placeholder: String?
  /// One sentence for the help.
  public let help: String
  /// The number of times that it may be given.
  public let occurrence: Occurrence
  /// The value of an absent one.
  public let value: Value?

  /// Declares an option; `default` stands for an absent one and is shown in the help.
  public init(
    _ name: String, letter: Character? = nil, _ placeholder: String,
    _ occurrence: Occurrence = .optional, default value: Value? = nil, help: String
  ) {
    ensure(
      value == nil || occurrence == .optional, "--\(name): only an optional option has a default")
    (self.name, self.letter, self.placeholder) = (name, letter, placeholder)
    (self.help, self.occurrence, self.value) = (help, occurrence, value)
  }

  /// The default as a word.
  public var fallback: String? { value?.argument }
  /// The words that a value may be.
  public var choices: [String] { Value.choices }
  /// Refuses a word that is no `Value`.
  public func check(_ word: String) throws(UsageError) { try check(word, as: Value.self) }
}

/// An argument known by its place.
public struct Positional<Value: ArgumentValue>: Parameter {
  /// The meaning of the argument, such as `CONFIG.json`.
  public let name: String
  /// One sentence for the help.
  public let help: String
  /// The number of times that it may be given.
  public let occurrence: Occurrence

  /// Declares an argument; `name` stands for it in usage lines and errors.
  public init(_ name: String, _ occurrence: Occurrence = .required, help: String) {
    (self.name, self.help, self.occurrence) = (name, help, occurrence)
  }

  /// The name.
  public var placeholder: String? { name }
  /// The words that a value may be.
  public var choices: [String] { Value.choices }
  /// True: it is known by its place.
  public var isPositional: Bool { true }
  /// Refuses a word that is no `Value`.
  public func check(_ word: String) throws(UsageError) { try check(word, as: Value.self) }
}
