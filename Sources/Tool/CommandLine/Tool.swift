import Foundation
import Tensors
public import Train

/// A command-line tool: a name and the commands it can run.
///
/// The whole program of a package that has the standard commands and one of its own:
///
///     import AtomFlowTool
///
///     Tool(commands: .standard + [Dipole.self]).main()
public struct Tool {
  /// The exit status of the tool.
  public enum Status: Int32, Sendable {
    /// The command has done its work.
    case success = 0
    /// The command has thrown an error.
    case failure = 1
    /// The command line means nothing.
    case wrongUsage = 2
    /// Stopped in good order by Ctrl-C or another signal that asks for the end.
    case interrupted = 130
  }

  /// The program as messages and help call it.
  public var name: String
  /// The commands, in the order of the help.
  public var commands: [any Command.Type]
  /// The models, optimizers and schedules that commands know by name.
  public var catalog: Catalog
  /// Receives help and version.
  public var output: (String) throws -> Void
  /// Receives errors, warnings and notes.
  public var errors: (String) -> Void

  /// Describes a tool.
  ///
  /// - Parameters:
  ///   - commands: The commands, in the order of the help.
  ///   - catalog: The models, optimizers and schedules that commands know by name.
  ///   - name: The program as messages and help call it; by default the name of the executable.
  ///   - output: Receives help and version.
  ///   - errors: Receives errors, warnings and notes.
  public init(
    commands: [any Command.Type], catalog: Catalog = .standard, name: String? = nil,
    output: @escaping (String) throws -> Void = StandardStreams.output,
    errors: @escaping (String) -> Void = StandardStreams.error
  ) {
    (self.commands, self.catalog) = (commands, catalog)
    self.name = name ?? URL(fileURLWithPath: CommandLine.arguments[0]).lastPathComponent
    (self.output, self.errors) = (output, errors)
  }

  /// Runs the command line of the process and ends the process with the status.
  ///
  /// A reader of the output that goes away does not end a run, nor does a limit of the size of files: it is
  /// an error of the file.
  public func main() -> Never {
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    StandardStreams.open()
    let line = Array(CommandLine.arguments.dropFirst())
    if command(of: line) != nil {
      do {
        if let remark = try OpenBLAS.useFittingKernels().remark { note(remark) }
      } catch {
        note("error: \(error)")
        exit(Status.failure.rawValue)
      }
    }
    exit(run(line).rawValue)
  }

  /// Runs a command line without the name of the program.
  public func run(_ line: [String]) -> Status {
    do {
      try dispatch(line)
      return .success
    } catch let error as UsageError {
      note("error: \(error)")
      let command = command(of: line).map { " \($0.name)" } ?? ""
      errors("'\(name)\(command) --help' shows what is possible.\n")
      return .wrongUsage
    } catch let interrupted as Interrupted {
      if let words = interrupted.continuation { errors("go on with: \(name) \(words)\n") }
      note("interrupted.")
      return .interrupted
    } catch {
      note("error: \(error)")
      return .failure
    }
  }

  /// Prints a line for people, with the name of the program before it and without control characters.
  public func note(_ text: String) { errors("\(name): \(text.printable(keepingLines: true))\n") }

  /// Prints a warning.
  public func warn(_ text: String) { note("warning: \(text)") }

  /// The command with the longest name that the line begins with.
  private func command(of line: [String]) -> (any Command.Type)? {
    commands.filter { line.starts(with: $0.name.words) }
      .max { $0.name.words.count < $1.name.words.count }
  }

  private func run<Verb: Command>(_ command: Verb.Type, _ words: ArraySlice<String>) throws {
    let arguments = try Arguments(words, for: command.parameters)
    try Verb(arguments).run(in: self)
  }

  private func dispatch(_ line: [String]) throws {
    let options = line.prefix { $0 != "--" }
    let asksForHelp = options.contains("--help") || options.contains("-h")
    let help = Help(program: name)
    if let command = command(of: line) {
      if asksForHelp {
        try output(help.text(of: command))
      } else {
        let words = line.dropFirst(command.name.words.count)
        try run(command, words)
      }
      return
    }
    let first = line.first { !$0.hasPrefix("-") } ?? ""
    let group = commands.filter { $0.name.words.first == first }
    if asksForHelp, first.isEmpty || !group.isEmpty {
      try output(help.text(of: group.isEmpty ? commands : group, startingWith: first))
    } else if line == ["--version"] {
      try output("\(versionText)\n")
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

  /// The name and the version of the library: `atomflow 0.1.0`, or `author (AtomFlow 0.1.0)`.
  private var versionText: String {
    name.lowercased() == AtomFlowVersion.name.lowercased()
      ? "\(name) \(AtomFlowVersion.number)" : "\(name) (\(AtomFlowVersion.text))"
  }
}

extension String {
  /// The words of a command's name.
  fileprivate var words: [String] { split(separator: " ").map(String.init) }
}
