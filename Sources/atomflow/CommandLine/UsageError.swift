import Train

/// A command line that means nothing; the tool ends with status 2.
enum UsageError: Error, Equatable {
  case unknownCommand(String, known: [String])
  case unknownOption(String, known: [String])
  case wrongValue(of: String, expected: String, found: String, choices: [String])
  case missingValue(of: String, placeholder: String)
  case valueOfFlag(String)
  case givenTwice(String)
  case missing(String)
  case unexpected(String)
  /// A rule of the command itself, as a sentence.
  case rule(String)
}

extension UsageError: CustomStringConvertible {
  var description: String {
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
