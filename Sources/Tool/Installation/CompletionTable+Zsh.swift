extension CompletionTable {
  /// A function of zsh's completion system, for a file `_atomflow` along `fpath`.
  var zsh: String {
    var lines = ["#compdef \(program)", "", "_\(identifier)() {"]
    lines.append("  case \"$CURRENT ${words[2,CURRENT-1]} \" in")
    lines.append("    '2 '*) \(Self.described("command", words(after: []))) ;;")
    for group in groups {
      lines.append("    '3 \(group) '*) \(Self.described("command", words(after: [group]))) ;;")
    }
    for row in rows {
      lines.append("    *' \(row.words.joined(separator: " ")) '*)")
      lines.append("      shift \(row.words.count) words; (( CURRENT -= \(row.words.count) ))")
      lines.append("      _arguments -s \\")
      for entry in row.entries {
        let text = "[\(Self.escaped(entry.help))]"
        let values = entry.choices.isEmpty ? "_files" : "(\(entry.choices.joined(separator: " ")))"
        let value = entry.takesValue ? ":value:\(values)" : ""
        lines += entry.spellings.map { "        '\($0)\(text)\(value)' \\" }
      }
      let rest = row.choices.isEmpty ? "_files" : "(\(row.choices.joined(separator: " ")))"
      lines.append("        '*:argument:\(rest)' ;;")
    }
    lines += ["  esac", "}", "", "_\(identifier) \"$@\"", ""]
    return lines.joined(separator: "\n")
  }

  private static func described(_ tag: String, _ words: [(word: String, text: String)]) -> String {
    let entries = words.map { "'\($0.word):\(escaped($0.text))'" }.joined(separator: " ")
    return "local -a list=(\(entries)); _describe \(tag) list"
  }

  /// A text inside single quotes and the brackets of `_arguments`.
  private static func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("'", with: "'\\''").replacing("[", with: "\\[")
      .replacing("]", with: "\\]").replacing(":", with: "\\:")
  }
}
