import Tensors

/// The words of a command line, sorted by the parameters of a command and checked.
///
/// Options may stand after positional arguments; `--` ends the options.
public struct Arguments {
  private var words: [String: [String]] = [:]
  private let parameters: [any Parameter]

  /// Sorts and checks the words that follow a command's name.
  public init(_ line: some Sequence<String>, for parameters: [any Parameter]) throws(UsageError) {
    self.parameters = parameters
    var rest = Array(line)[...]
    var positionals: [String] = []
    while let word = rest.popFirst() {
      if word == "--" {
        positionals += rest
        break
      } else if word.hasPrefix("--") {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        try take(String(parts[0]), value: parts.count == 2 ? String(parts[1]) : nil, &rest)
      } else if word.hasPrefix("-"), word.count > 1, Double(word) == nil {
        try take(word, value: nil, &rest)
      } else {
        positionals.append(word)
      }
    }
    try distribute(positionals)
    for parameter in parameters {
      let count = words[parameter.spelling]?.count ?? 0
      switch parameter.occurrence {
      case .required, .several:
        guard count > 0 else { throw .missing(parameter.spelling) }
      case .optional, .repeated: break
      }
    }
  }

  /// Whether a flag is given.
  public subscript(flag: Flag) -> Bool { !given(flag).isEmpty }

  /// The value of an option, its default, or `nil`.
  public subscript<Value>(option: Option<Value>) -> Value? {
    given(option).first.flatMap(Value.init(argument:)) ?? option.value
  }

  /// The value of an argument, or `nil`.
  public subscript<Value>(positional: Positional<Value>) -> Value? {
    given(positional).first.flatMap(Value.init(argument:))
  }

  /// The given ones among these parameters, as a user writes them.
  public func given(among parameters: [any Parameter]) -> [String] {
    parameters.filter { !given($0).isEmpty }.map(\.spelling)
  }

  /// All values of an option that may be repeated, in order.
  public func all<Value>(_ option: Option<Value>) -> [Value] {
    given(option).compactMap(Value.init(argument:))
  }

  /// All values of an argument that may be repeated, in order.
  public func all<Value>(_ positional: Positional<Value>) -> [Value] {
    given(positional).compactMap(Value.init(argument:))
  }

  /// The value of an option that is required or has a default.
  public func value<Value>(_ option: Option<Value>) -> Value {
    guard let value = self[option] else {
      trap("--\(option.name): declare it as required or with a default")
    }
    return value
  }

  /// The value of an argument that is required.
  public func value<Value>(_ positional: Positional<Value>) -> Value {
    guard let value = self[positional] else {
      trap("\(positional.name): declare it as required")
    }
    return value
  }

  private func given(_ parameter: any Parameter) -> [String] {
    ensure(
      parameters.contains { $0.spelling == parameter.spelling },
      "\(parameter.spelling) is not among the parameters of the command")
    return words[parameter.spelling] ?? []
  }

  private mutating func take(
    _ spelling: String, value: String?, _ rest: inout ArraySlice<String>
  ) throws(UsageError) {
    let options = parameters.filter { !$0.isPositional }
    let match = options.first { option in
      option.spelling == spelling || option.letter.map { "-\($0)" == spelling } ?? false
    }
    guard let match else {
      throw .unknownOption(spelling, known: options.map(\.spelling) + ["--help"])
    }
    guard let placeholder = match.placeholder else {
      if let value { try match.check(value) }
      try record("", for: match)
      return
    }
    let isNumber = rest.first.map { Double($0) != nil } ?? false
    let isWord = rest.first.map { !$0.hasPrefix("-") || $0 == "-" } ?? false
    guard let word = value ?? (isNumber || isWord ? rest.popFirst() : nil) else {
      throw .missingValue(of: match.spelling, placeholder: placeholder)
    }
    try match.check(word)
    try record(word, for: match)
  }

  /// Gives positional arguments their words, from left to right; a repeated one takes all it can.
  private mutating func distribute(_ positionals: [String]) throws(UsageError) {
    let places = parameters.filter(\.isPositional)
    var rest = positionals[...]
    for (index, place) in places.enumerated() {
      let reserved = places[(index + 1)...].count {
        $0.occurrence == .required || $0.occurrence == .several
      }
      let repeats = place.occurrence == .repeated || place.occurrence == .several
      let available = max(place.occurrence == .required ? 1 : 0, rest.count - reserved)
      for word in rest.prefix(repeats ? available : min(1, available)) {
        try place.check(word)
        try record(word, for: place)
        rest.removeFirst()
      }
    }
    if let word = rest.first { throw .unexpected(word) }
  }

  private mutating func record(_ word: String, for parameter: any Parameter) throws(UsageError) {
    let repeats = parameter.occurrence == .repeated || parameter.occurrence == .several
    guard repeats || words[parameter.spelling] == nil else { throw .givenTwice(parameter.spelling) }
    words[parameter.spelling, default: []].append(word)
  }
}

extension Arguments {
  /// The value of an option `--threads`, from 1 to 1024.
  public func threads(_ option: Option<Int>) throws(UsageError) -> Int {
    let count = value(option)
    guard (1...1024).contains(count) else {
      throw .rule("--\(option.name) should lie in 1...1024, but is \(count).")
    }
    return count
  }
}
