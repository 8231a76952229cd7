/// A shell that completes command lines.
enum Shell: String, CaseIterable, ArgumentValue { case bash, zsh, fish }

/// A command line as shells complete it: the words of commands, and the options of each.
struct CompletionTable {
  /// An option of a command.
  struct Entry {
    /// Its forms, such as `--output` and `-o`.
    let spellings: [String]
    /// Whether a value follows.
    let takesValue: Bool
    /// The possible values, where they can be listed.
    let choices: [String]
    /// The help in one line.
    let help: String
  }

  /// A command.
  struct Row {
    /// Its words, such as `data` and `info`.
    let words: [String]
    let summary: String
    let entries: [Entry]
    /// The choices of its first argument, where they can be listed.
    let choices: [String]
  }

  /// The name of the program.
  let program: String
  /// The commands.
  let rows: [Row]

  /// Takes the commands of a tool.
  init(_ tool: Tool) {
    program = tool.name
    rows = tool.commands.map { command in
      let options = command.parameters.filter { !$0.isPositional }
      let help = Entry(
        spellings: ["--help", "-h"], takesValue: false, choices: [], help: "Show the help.")
      return Row(
        words: command.name.split(separator: " ").map(String.init), summary: command.summary,
        entries: options.map { option in
          Entry(
            spellings: [option.spelling] + (option.letter.map { ["-\($0)"] } ?? []),
            takesValue: option.placeholder != nil, choices: option.choices, help: option.help)
        } + [help],
        choices: command.parameters.first { $0.isPositional }?.choices ?? [])
    }
  }

  /// The words that may follow some words of commands' names, with a text each.
  func words(after prefix: [String]) -> [(word: String, text: String)] {
    var found: [(word: String, text: String)] = []
    for row in rows where row.words.starts(with: prefix) && row.words.count > prefix.count {
      let word = row.words[prefix.count]
      guard !found.contains(where: { $0.word == word }) else { continue }
      let isWhole = row.words.count == prefix.count + 1
      found.append((word, isWhole ? row.summary : "Commands that begin with \(word)"))
    }
    return found
  }

  /// The first words that others follow, such as `data`.
  var groups: [String] {
    words(after: []).map(\.word).filter { !words(after: [$0]).isEmpty }
  }

  /// The script for a shell.
  func script(for shell: Shell) -> String {
    switch shell {
    case .bash: bash
    case .zsh: zsh
    case .fish: fish
    }
  }
}
