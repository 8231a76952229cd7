extension CompletionTable {
  /// Lines of `complete`, and a function that knows the words of a command.
  var fish: String {
    let condition = "__\(identifier)_begins"
    var lines = [
      "# Completions of \(program) for fish.", "function \(condition)",
      "  set -l words (commandline -opc)",
      "  test (count $words) -ge (math 1 + (count $argv)); or return 1",
      "  for number in (seq (count $argv))",
      "    test $words[(math $number + 1)] = $argv[$number]; or return 1", "  end", "end",
      "function __\(identifier)_is",
      "  test (count (commandline -opc)) -eq (math 1 + (count $argv)); and \(condition) $argv",
      "end",
    ]
    for prefix in [[]] + groups.map({ [$0] }) {
      let place = (["__\(identifier)_is"] + prefix).joined(separator: " ")
      for (word, text) in words(after: prefix) {
        lines.append(
          "complete -c \(program) -f -n '\(place)' -a \(word) -d '\(Self.escaped(text))'")
      }
    }
    for row in rows {
      let place = "\(condition) \(row.words.joined(separator: " "))"
      for entry in row.entries {
        var line = "complete -c \(program) -n '\(place)'"
        for spelling in entry.spellings {
          let isLong = spelling.hasPrefix("--")
          line += isLong ? " -l \(spelling.dropFirst(2))" : " -s \(spelling.dropFirst())"
        }
        if entry.takesValue { line += " -r" }
        if !entry.choices.isEmpty { line += " -f -a '\(entry.choices.joined(separator: " "))'" }
        lines.append("\(line) -d '\(Self.escaped(entry.help))'")
      }
      if !row.choices.isEmpty {
        lines.append(
          "complete -c \(program) -f -n '\(place)' -a '\(row.choices.joined(separator: " "))'")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
  }
}
