extension CompletionTable {
  /// A function for `complete -F`; where it has no words, bash completes names of files.
  var bash: String {
    var lines = ["# Completions of \(program) for bash.", "_\(identifier)() {"]
    lines += [
      "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} options='' words=''",
      "  case \"$COMP_CWORD ${COMP_WORDS[*]:1:COMP_CWORD-1} \" in",
      "    '1 '*) words='\(words(after: []).map(\.word).joined(separator: " ")) --help --version' ;;",
    ]
    lines += groups.map { group in
      let next = words(after: [group]).map(\.word).joined(separator: " ")
      return "    '2 \(group) '*) words='\(next) --help' ;;"
    }
    for row in rows {
      lines.append("    *' \(row.words.joined(separator: " ")) '*)")
      let spellings = row.entries.flatMap(\.spellings).filter { $0.hasPrefix("--") }
      lines.append("      options='\(spellings.joined(separator: " "))'")
      if !row.choices.isEmpty {
        lines.append("      words='\(row.choices.joined(separator: " "))'")
      }
      lines.append("      case \"$before\" in")
      for entry in row.entries where entry.takesValue {
        let names = entry.spellings.joined(separator: "|")
        lines.append(
          "        \(names)) options='' words='\(entry.choices.joined(separator: " "))' ;;")
      }
      lines += ["      esac ;;"]
    }
    lines += [
      "  esac", "  if [[ $word == -* ]]; then words+=\" $options\"; fi",
      "  COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))", "}",
      "complete -o default -F _\(identifier) \(program)", "",
    ]
    return lines.joined(separator: "\n")
  }

  /// The program's name with letters, digits and underscores alone.
  var identifier: String { String(program.map { $0.isLetter || $0.isNumber ? $0 : "_" }) }
}
