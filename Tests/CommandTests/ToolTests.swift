import Foundation
import Tensors
import Testing

@testable import AtomFlowTool

@Suite("The tool runs commands and tells how they ended")
struct ToolTests {
  /// What a run printed and how it ended.
  final class Run {
    var status = Tool.Status.failure
    var output = ""
    var errors = ""

    init(
      _ line: String, name: String = "atomflow",
      commands: [any Command.Type] = [ExampleCommand.self]
    ) {
      let tool = Tool(
        commands: commands, name: name, output: { self.output += $0 },
        errors: { self.errors += $0 })
      status = tool.run(line.split(separator: " ").map(String.init))
    }
  }

  @Test(
    "the status says what happened, and a sentence says why",
    arguments: [
      ("data make a -o b", .success, ""), ("--version", .success, ""), ("--help", .success, ""),
      ("data --help", .success, ""), ("data make --step --help", .success, ""),
      ("data make a -o broken", .failure, "atomflow: error: it is broken.\n"),
      (
        "data make a -o interrupted", .interrupted,
        "go on with: atomflow data make --resume\natomflow: interrupted.\n"
      ),
      (
        "data make a -o b -n -1", .wrongUsage,
        "atomflow: error: --steps should not be negative.\n"
          + "'atomflow data make --help' shows what is possible.\n"
      ),
      (
        "data mkae", .wrongUsage,
        "atomflow: error: there is no command 'data mkae'; did you mean data make?\n"
          + "'atomflow --help' shows what is possible.\n"
      ),
      (
        "--hepl", .wrongUsage,
        "atomflow: error: there is no option --hepl; did you mean --help?\n"
          + "'atomflow --help' shows what is possible.\n"
      ),
      (
        "", .wrongUsage,
        "atomflow: error: a command is missing.\n'atomflow --help' shows what is possible.\n"
      ),
      (
        "data", .wrongUsage,
        "atomflow: error: a command after 'data' is missing.\n"
          + "'atomflow --help' shows what is possible.\n"
      ),
      (
        "paint --help", .wrongUsage,
        "atomflow: error: there is no command 'paint'.\n"
          + "'atomflow --help' shows what is possible.\n"
      ),
    ] as [(String, Tool.Status, String)])
  func status(line: String, status: Tool.Status, errors: String) {
    let run = Run(line)
    #expect(run.status == status)
    #expect(run.errors == errors)
  }

  @Test("the help of a command has its usage, options and example")
  func commandHelp() {
    #expect(
      Run("data make -h").output == """
        Make an example.

        Usage: atomflow data make IN... --output FILE [options]

        It makes nothing, but in so many words that the line has to be broken somewhere
        before its end.

        Arguments:
          IN  What to read.

        Options:
          -o, --output FILE  A file. (required)
          -n, --steps N      Steps. (default: 100)
          --pressure BAR     The pressure.
          --ensemble NAME    Which one. (default: nvt)
          --set KEY=VALUE    Change a key. (may be repeated)
          -v, --verbose      Say more.
          -h, --help         Show this text.

        Example:
          atomflow data make a.xyz b.xyz -o c.xyz
          atomflow data make --help

        """)
  }

  @Test("the help of the tool lists the commands")
  func toolHelp() {
    #expect(Run("--help").output.contains("\n  data make  Make an example.\n"))
    #expect(Run("data -h").output.contains("Usage: atomflow data COMMAND [arguments]"))
    #expect(Run("--version").output == "atomflow \(AtomFlowVersion.number)\n")
  }

  @Test("a tool of another name calls itself by that name everywhere")
  func otherName() {
    let help = Run("data make --help", name: "author").output
    #expect(help.contains("Usage: author data make IN..."))
    #expect(help.contains("\n  author data make a.xyz b.xyz -o c.xyz\n  author data make --help\n"))
    #expect(Run("--version", name: "author").output == "author (\(AtomFlowVersion.text))\n")
    let run = Run("data make a -o interrupted", name: "author")
    #expect(run.errors == "go on with: author data make --resume\nauthor: interrupted.\n")
    let all = [any Command.Type].standard + [ExampleCommand.self]
    for command in all {
      let help = Run("\(command.name) --help", name: "author", commands: all).output
      #expect(help.contains("author \(command.name)"))
      #expect(!help.contains("atomflow"), "\(help)")
    }
    let list = Run("--help", name: "author", commands: all).output
    #expect(all.allSatisfy { list.contains("\n  \($0.name) ") } && !list.contains("atomflow"))
  }

  @Test("the first Ctrl-C is a request")
  func firstInterruption() async {
    await #expect(processExitsWith: .success) {
      let interruption = Interruption()
      guard !interruption.isRequested else { exit(3) }
      kill(getpid(), SIGINT)
      for _ in 0..<1000 where !interruption.isRequested { usleep(1000) }
      exit(interruption.isRequested ? 0 : 4)
    }
  }

  @Test("signals in quick succession are one request, later ones end the program")
  func quickSuccession() {
    var request = InterruptionRequest()
    let start = ContinuousClock.now
    #expect(!request.isMade)
    #expect(request.signal(at: start) == .stop && request.isMade)
    #expect(request.signal(at: start) == .repetition)
    #expect(request.signal(at: start + .milliseconds(990)) == .repetition)
    #expect(request.signal(at: start + .milliseconds(1010)) == .endAtOnce)
  }

  @Test("the same signal twice, as timeout sends it, does not end the program at once")
  func doubledInterruption() async {
    await #expect(processExitsWith: .success) {
      let interruption = Interruption()
      for _ in 0..<5 {
        kill(getpid(), SIGINT)
        usleep(20_000)
      }
      exit(interruption.isRequested ? 0 : 4)
    }
  }

  @Test("a Ctrl-C that comes later ends the program with status 130")
  func secondInterruption() async {
    await #expect(processExitsWith: .exitCode(130)) {
      let interruption = Interruption()
      for _ in 0..<100 {
        kill(getpid(), SIGINT)
        usleep(100_000)
      }
      exit(interruption.isRequested ? 4 : 3)
    }
  }
}
