/// The help texts of a tool and of its commands.
public struct Help {
  /// The name of the program in usage lines and examples.
  let program: String

  /// Describes the help of a program by its name.
  public init(program: String) { self.program = program }

  /// The largest width of a help text.
  private static let width = 80

  /// The help of one command.
  public func text(of command: any Command.Type) -> String {
    let positionals = command.parameters.filter(\.isPositional)
    let options = command.parameters.filter { !$0.isPositional }
    var usage = [program, command.name] + positionals.map(Self.form)
    usage += options.filter { $0.occurrence == .required || $0.occurrence == .several }.map(
      Self.form)
    usage.append("[options]")
    var sections = [
      "\(command.summary).", "Usage: " + usage.joined(separator: " "),
      Self.wrapped(command.discussion, indent: 0),
    ]
    if !positionals.isEmpty {
      sections.append("Arguments:\n" + Self.table(positionals.map { ($0.name, $0.help) }))
    }
    let rows = options.map { (Self.label($0), Self.help($0)) } + [("-h, --help", "Show this text.")]
    sections.append("Options:\n" + Self.table(rows))
    let lines = example(of: command).split(separator: "\n").map { "  \($0)" }
    sections.append("Example:\n" + lines.joined(separator: "\n"))
    return sections.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
  }

  /// The help of the tool, or of the commands whose names begin with a word.
  public func text(of commands: [any Command.Type], startingWith prefix: String = "") -> String {
    let name = prefix.isEmpty ? "COMMAND" : "\(prefix) COMMAND"
    var text = "Neural-network potentials on a static dataflow graph.\n\n"
    text += "Usage: \(program) \(name) [arguments]\n\n"
    if !commands.isEmpty {
      text += "Commands:\n" + Self.table(commands.map { ($0.name, "\($0.summary).") }) + "\n\n"
    }
    text += "Options:\n"
    text += Self.table([("-h, --help", "Show this text."), ("--version", "Show the version.")])
    text += "\n\n'\(program) COMMAND --help' shows the options and an example of a command.\n"
    return text
  }

  /// The example with the name of this program where a line begins with `atomflow`.
  private func example(of command: any Command.Type) -> String {
    command.example.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.hasPrefix("atomflow ") ? program + line.dropFirst("atomflow".count) : "\(line)"
    }.joined(separator: "\n")
  }

  private static func form(_ parameter: any Parameter) -> String {
    let word =
      parameter.isPositional
      ? parameter.name : "\(parameter.spelling) \(parameter.placeholder ?? "")"
    return switch parameter.occurrence {
    case .required: word
    case .optional: "[\(word)]"
    case .several: "\(word)..."
    case .repeated: "[\(word)...]"
    }
  }

  private static func label(_ option: any Parameter) -> String {
    let short = option.letter.map { "-\($0), " } ?? ""
    return short + option.spelling + (option.placeholder.map { " \($0)" } ?? "")
  }

  private static func help(_ option: any Parameter) -> String {
    var notes: [String] = []
    if let fallback = option.fallback { notes.append("default: \(fallback)") }
    if option.occurrence == .required { notes.append("required") }
    if option.occurrence == .repeated { notes.append("may be repeated") }
    return option.help + (notes.isEmpty ? "" : " (\(notes.joined(separator: ", ")))")
  }

  /// Two columns; a label too long for its column has its text below.
  private static func table(_ rows: [(label: String, text: String)]) -> String {
    let column = min(28, rows.map(\.label.count).max() ?? 0) + 4
    return rows.map { label, text in
      let body = wrapped(text, indent: column)
      let start = "  \(label)"
      guard start.count + 2 <= column else { return "\(start)\n\(body)" }
      return start + body.dropFirst(start.count)
    }.joined(separator: "\n")
  }

  /// Breaks each paragraph into lines.
  private static func wrapped(_ text: String, indent: Int) -> String {
    let margin = String(repeating: " ", count: indent)
    let paragraphs = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      var lines = [""]
      for word in line.split(separator: " ") {
        let last = lines[lines.count - 1]
        if last.isEmpty {
          lines[lines.count - 1] = "\(word)"
        } else if indent + last.count + 1 + word.count <= width {
          lines[lines.count - 1] += " \(word)"
        } else {
          lines.append("\(word)")
        }
      }
      return lines.map { $0.isEmpty ? "" : margin + $0 }.joined(separator: "\n")
    }
    return paragraphs.joined(separator: "\n")
  }
}
