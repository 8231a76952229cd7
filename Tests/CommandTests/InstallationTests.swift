import Foundation
import TestSupport
import Testing

@testable import AtomFlowTool

@Suite("Completions and the manual page")
struct InstallationTests {
  private static func output(_ words: String...) throws -> String {
    var text = ""
    let tool = Tool(
      commands: .standard, name: "atomflow", output: { text += $0 }, errors: { _ in })
    #expect(tool.run(words) == .success)
    return text
  }

  /// Runs a script of a shell, nil where the shell is not installed.
  private static func run(_ shell: String, _ script: String) throws -> String? {
    let folders = ["/bin", "/usr/bin", "/usr/local/bin"]
    guard
      let path = folders.map({ "\($0)/\(shell)" })
        .first(where: FileManager.default.isExecutableFile)
    else { return nil }
    let (process, pipe) = (Process(), Pipe())
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = ["-c", script]
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }

  @Test(
    "bash completes commands, options and their values",
    arguments: [
      ("atomflow da", "data"), ("atomflow data in", "info"),
      ("atomflow evaluate --js", "--json"), ("atomflow md --ensemble n", "npt nve nvt"),
      ("atomflow md model start.extxyz --thermostat lang", "langevin"),
      ("atomflow completions z", "zsh"), ("atomflow train --out", ""),
    ])
  func bash(line: String, expected: String) throws {
    try withTemporaryDirectory { folder in
      let file = folder.appendingPathComponent("completions")
      try Data(Self.output("completions", "bash").utf8).write(to: file)
      let words = line.split(separator: " ").map(String.init)
      let script = """
        source '\(file.path)'
        COMP_WORDS=(\(words.map { "'\($0)'" }.joined(separator: " "))); COMP_CWORD=\(words.count - 1)
        _atomflow
        echo "${COMPREPLY[@]}"
        """
      let found = try #require(try Self.run("bash", script)).split(whereSeparator: \.isWhitespace)
      #expect(found.sorted().joined(separator: " ") == expected)
    }
  }

  @Test("each command and each option is in the scripts of all shells", arguments: Shell.allCases)
  func complete(shell: Shell) throws {
    let script = try Self.output("completions", shell.rawValue)
    for command in [any Command.Type].standard {
      for option in command.parameters where !option.isPositional {
        #expect(script.contains(shell == .fish ? "-l \(option.name)" : "--\(option.name)"))
      }
      #expect(script.contains(command.name))
    }
  }

  @Test("shells read the scripts", arguments: Shell.allCases)
  func syntax(shell: Shell) throws {
    try withTemporaryDirectory { folder in
      let file = folder.appendingPathComponent("completions")
      try Data(Self.output("completions", shell.rawValue).utf8).write(to: file)
      let output = try Self.run(shell.rawValue, "\(shell.rawValue) -n '\(file.path)'")
      // A shell that is not installed is not asked.
      #expect((output ?? "").isEmpty)
    }
  }

  @Test("the manual page has the help of each command, and no line that roff takes for its own")
  func manual() throws {
    let page = try Self.output("manual")
    for command in [any Command.Type].standard {
      let title = "atomflow \(command.name)".replacing("-", with: "\\-")
      #expect(page.contains(".SS \(title)\n"))
    }
    let macros = page.split(separator: "\n").filter { $0.hasPrefix(".") }
      .map { $0.split(separator: " ")[0] }
    #expect(Set(macros).isSubset(of: [".TH", ".SH", ".SS", ".B", ".I", ".nf", ".fi"]))
  }
}
