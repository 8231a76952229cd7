import Tensors

/// `atomflow manual`: the help of all commands as a manual page.
struct ManualCommand: Command {
  static let name = "manual"
  static let summary = "Print the manual page"
  static let discussion =
    "It holds the help of all commands in the language of man, and belongs into a folder man1."
  static let example = "atomflow manual > manual.1\nman ./manual.1"
  static let parameters: [any Parameter] = []

  init(_ arguments: Arguments) throws(UsageError) {}

  func run(in tool: Tool) throws {
    let help = Help(program: tool.name)
    var lines = [
      ".TH \(tool.name.uppercased()) 1 \"\" \"\(AtomFlowVersion.text)\"", ".SH NAME",
      "\(tool.name) \\- neural-network potentials on a static dataflow graph", ".SH SYNOPSIS",
      ".B \(Self.escaped(tool.name))", ".I COMMAND", "[arguments]", ".SH COMMANDS",
    ]
    for command in tool.commands {
      lines += [".SS \(Self.escaped("\(tool.name) \(command.name)"))", ".nf"]
      let text = help.text(of: command)
      lines += text.split(separator: "\n", omittingEmptySubsequences: false)
        .map { Self.escaped(String($0)) }
      lines.append(".fi")
    }
    lines += [
      ".SH EXIT STATUS",
      "0 after success, 1 after a failure, 2 where the command line is wrong, and",
      "130 after an interruption from which a run can go on.", "",
    ]
    try tool.output(lines.joined(separator: "\n"))
  }

  /// A line whose hyphens, backslashes, first dot and first quote have no meaning to roff.
  private static func escaped(_ line: String) -> String {
    let text = line.replacing("\\", with: "\\e").replacing("-", with: "\\-")
    return text.hasPrefix(".") || text.hasPrefix("'") ? "\\&\(text)" : text
  }
}
