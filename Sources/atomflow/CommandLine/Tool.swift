/// Finds the command that a command line means, runs it, and says how it ended.
struct Tool {
  /// How the tool ends.
  enum Status: Int32 {
    case success = 0
    case failure = 1
    case wrongUsage = 2
    /// Stopped with Ctrl-C: 128 and the number of the signal.
    case interrupted = 130
  }

  /// The version of the package.
  static let version = "0.1.0"

  /// The verbs, in the order of the help.
  var commands: [any Command.Type]
  /// Takes what the tool itself has to say.
  var output: (String) -> Void
  /// Takes sentences about what went wrong.
  var errors: (String) -> Void

  /// Runs a command line without the name of the program.
  func run(_ line: [String]) -> Status {
    do {
      try dispatch(line)
      return .success
    } catch let error as UsageError {
      errors("atomflow: error: \(error)\n")
      let name = command(of: line).map { " \($0.name)" } ?? ""
      errors("'atomflow\(name) --help' shows what is possible.\n")
      return .wrongUsage
    } catch is Interrupted {
      errors("atomflow: interrupted.\n")
      return .interrupted
    } catch {
      errors("atomflow: error: \(error)\n")
      return .failure
    }
  }

  /// The command with the longest name that the line begins with.
  private func command(of line: [String]) -> (any Command.Type)? {
    commands.filter { line.starts(with: $0.name.words) }
      .max { $0.name.words.count < $1.name.words.count }
  }

  private func run<Verb: Command>(_ command: Verb.Type, _ words: ArraySlice<String>) throws {
    let arguments = try Arguments(words, for: command.parameters)
    try Verb(arguments).run()
  }

  private func dispatch(_ line: [String]) throws {
    let options = line.prefix { $0 != "--" }
    let asksForHelp = options.contains("--help") || options.contains("-h")
    if let command = command(of: line) {
      if asksForHelp {
        output(Help.text(of: command))
      } else {
        let words = line.dropFirst(command.name.words.count)
        try run(command, words)
      }
      return
    }
    let first = line.first { !$0.hasPrefix("-") } ?? ""
    let group = commands.filter { $0.name.words.first == first }
    if asksForHelp, first.isEmpty || !group.isEmpty {
      output(Help.text(of: group.isEmpty ? commands : group, startingWith: first))
    } else if line == ["--version"] {
      output("atomflow \(Self.version)\n")
    } else if first.isEmpty, let option = line.first {
      throw UsageError.unknownOption(option, known: ["--help", "--version"])
    } else if first.isEmpty {
      throw UsageError.missing("a command")
    } else if line == [first], !group.isEmpty {
      throw UsageError.missing("a command after '\(first)'")
    } else {
      let name = group.isEmpty ? first : line.prefix(2).joined(separator: " ")
      let known =
        group.isEmpty ? Set(commands.map { $0.name.words[0] }) : Set(group.map { $0.name })
      throw UsageError.unknownCommand(name, known: known.sorted())
    }
  }
}

extension String {
  /// The words of a command's name.
  fileprivate var words: [String] { split(separator: " ").map(String.init) }
}
