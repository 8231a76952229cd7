import Atomistic
import Train

/// A command line that means nothing; the tool ends with status 2.
///
/// An initialiser of a command throws `rule` where values contradict each other.
public enum UsageError: Error, Equatable {
  /// No command has this name.
  case unknownCommand(String, known: [String])
  /// The command has no such option.
  case unknownOption(String, known: [String])
  /// A word does not fit the type of its parameter.
  case wrongValue(of: String, expected: String, found: String, choices: [String])
  /// An option stands without its value.
  case missingValue(of: String, placeholder: String)
  /// A flag stands with a value.
  case valueOfFlag(String)
  /// A parameter that may be given once is given again.
  case givenTwice(String)
  /// A parameter that is required is not given.
  case missing(String)
  /// There are more positional arguments than the command has.
  case unexpected(String)
  /// A rule of the command itself, as a sentence.
  case rule(String)
}

extension UsageError: CustomStringConvertible {
  /// The sentence that is printed.
  public var description: String {
    switch self {
    case .unknownCommand(let name, let known):
      "there is no command '\(name)'\(Self.suggestion(name, known))"
    case .unknownOption(let name, let known):
      "there is no option \(name)\(Self.suggestion(name, known))"
    case .wrongValue(let name, let expected, let found, let choices):
      "\(name) should be \(expected), but is '\(found)'\(Self.suggestion(found, choices))"
    case .missingValue(let name, let placeholder): "\(name) needs a value \(placeholder)."
    case .valueOfFlag(let name): "\(name) takes no value."
    case .givenTwice(let name): "\(name) is given twice."
    case .missing(let name): "\(name) is missing."
    case .unexpected(let word): "the argument '\(word)' is one too many."
    case .rule(let sentence): sentence
    }
  }

  /// The end of the sentence: a question where a known name is near.
  private static func suggestion(_ name: String, _ known: [String]) -> String {
    nearestName(to: name, among: known).map { "; did you mean \($0)?" } ?? "."
  }
}
