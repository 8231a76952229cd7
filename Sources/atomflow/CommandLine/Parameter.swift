import Tensors

/// What a command can be told: a flag, an option with a value, or a positional argument.
protocol Parameter: Sendable {
  /// `steps` for `--steps N`, or what a positional argument stands for, such as `CONFIG.json`.
  var name: String { get }
  /// The letter of the short form, if there is one.
  var letter: Character? { get }
  /// The text for the help, in one sentence.
  var help: String { get }
  /// How often it may be given.
  var occurrence: Occurrence { get }
  /// The placeholder of the value; `nil` for a flag.
  var placeholder: String? { get }
  /// Whether the place on the command line tells what it is.
  var isPositional: Bool { get }
  /// The word that stands for an absent one, in the help.
  var fallback: String? { get }
  /// Refuses a value of the wrong type.
  func check(_ word: String) throws(UsageError)
}

/// How often a parameter may be given.
enum Occurrence: Sendable {
  case optional, required, repeated
  /// At least once.
  case several
}

extension Parameter {
  var letter: Character? { nil }
  var fallback: String? { nil }
  var isPositional: Bool { false }

  /// The parameter as a user writes it.
  var spelling: String { isPositional ? name : "--\(name)" }

  /// Refuses a word that is not of the given type.
  func check<Value: ArgumentValue>(_ word: String, as type: Value.Type) throws(UsageError) {
    guard Value(argument: word) == nil else { return }
    throw .wrongValue(
      of: spelling, expected: Value.expectation, found: word, choices: Value.choices)
  }
}

/// A switch, off unless it is given.
struct Flag: Parameter {
  let name: String
  let letter: Character?
  let help: String

  init(_ name: String, letter: Character? = nil, help: String) {
    (self.name, self.letter, self.help) = (name, letter, help)
  }

  var occurrence: Occurrence { .optional }
  var placeholder: String? { nil }
  func check(_ word: String) throws(UsageError) { throw .valueOfFlag(spelling) }
}

/// A name with a value, as `--steps 100` or `--steps=100`.
struct Option<Value: ArgumentValue>: Parameter {
  let name: String
  let letter: Character?
  let placeholder: String?
  let help: String
  let occurrence: Occurrence
  let value: Value?

  /// Declares an option; `default` stands for an absent one and is shown in the help.
  init(
    _ name: String, letter: Character? = nil, _ placeholder: String,
    _ occurrence: Occurrence = .optional, default value: Value? = nil, help: String
  ) {
    ensure(
      value == nil || occurrence == .optional, "--\(name): only an optional option has a default")
    (self.name, self.letter, self.placeholder) = (name, letter, placeholder)
    (self.help, self.occurrence, self.value) = (help, occurrence, value)
  }

  var fallback: String? { value?.argument }
  func check(_ word: String) throws(UsageError) { try check(word, as: Value.self) }
}

/// An argument known by its place.
struct Positional<Value: ArgumentValue>: Parameter {
  let name: String
  let help: String
  let occurrence: Occurrence

  init(_ name: String, _ occurrence: Occurrence = .required, help: String) {
    (self.name, self.help, self.occurrence) = (name, help, occurrence)
  }

  var placeholder: String? { name }
  var isPositional: Bool { true }
  func check(_ word: String) throws(UsageError) { try check(word, as: Value.self) }
}
