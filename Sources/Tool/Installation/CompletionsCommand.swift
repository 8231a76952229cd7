/// `atomflow completions`: what a shell completes command lines by.
struct CompletionsCommand: Command {
  static let name = "completions"
  static let summary = "Print the completions of a shell"
  static let discussion =
    "They are made of the commands and options of this program. For zsh they belong into a file that "
    + "begins with an underscore, in a folder along fpath."
  static let example = "atomflow completions bash > completions.bash\nsource completions.bash"

  static let shell = Positional<Shell>("SHELL", help: "The shell: bash, zsh or fish.")
  static let parameters: [any Parameter] = [shell]

  let shell: Shell

  init(_ arguments: Arguments) throws(UsageError) { shell = arguments.value(Self.shell) }

  func run(in tool: Tool) throws {
    try tool.output(CompletionTable(tool).script(for: shell))
  }
}
