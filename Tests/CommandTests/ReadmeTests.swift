import Atomistic
import Foundation
import Testing
import Train

@testable import AtomFlowTool

@Suite("The README shows what is there")
struct ReadmeTests {
  /// The files beside which the README stands.
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// A fenced block: its language, its lines, and the last file linked above it.
  struct Block {
    var language, text: String
    var file: String?
  }

  private let text: String
  private let blocks: [Block]

  init() throws {
    text = try String(contentsOf: Self.root.appendingPathComponent("README.md"), encoding: .utf8)
    var blocks: [Block] = []
    var open: Block?
    var file: String?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if let block = open, line == "```" {
        blocks.append(block)
        open = nil
      } else if open != nil {
        open?.text += "\(line)\n"
      } else if line.hasPrefix("```") {
        open = Block(language: String(line.dropFirst(3)), text: "", file: file)
      } else if let link = line.matches(of: /\]\(([^)]+)\)/).last {
        file = String(link.1)
      }
    }
    self.blocks = blocks
  }

  private func content(_ file: String) throws -> String {
    try String(contentsOf: Self.root.appendingPathComponent(file), encoding: .utf8)
  }

  private func configuration(_ text: String) throws -> TrainingConfiguration {
    try StrictJSON(Data(text.utf8), source: "README.md")
      .decode(TrainingConfiguration.self, userInfo: Catalog.standard.userInfo)
  }

  @Test("each tour is shown as it runs")
  func tours() throws {
    let shown = blocks.filter { $0.language == "swift" }
    for block in shown {
      let file = try #require(block.file)
      #expect(try content(file) == block.text)
    }
    let sources = Self.root.appendingPathComponent("Examples/Tours/Sources")
    let tours = try FileManager.default.contentsOfDirectory(atPath: sources.path)
    #expect(
      Set(shown.compactMap(\.file)) == Set(tours.map { "Examples/Tours/Sources/\($0)/main.swift" }))
  }

  @Test("links lead to files")
  func links() {
    let files = text.matches(of: /\]\(([^)]+)\)/).map { String($0.1) }.filter {
      !$0.contains("://")
    }
    #expect(!files.isEmpty)
    for file in files {
      #expect(FileManager.default.fileExists(atPath: Self.root.appendingPathComponent(file).path))
    }
  }

  @Test("configurations are the defaults, lines of the examples, or at least sound")
  func configurations() throws {
    let shown = blocks.filter { $0.language == "json5" }
    let (lines, whole) = (
      shown.filter { $0.text.hasPrefix(" ") }, shown.filter { $0.text.hasPrefix("{") }
    )
    #expect(lines.count == 2 && whole.count == 2)
    for block in lines {
      let file = try #require(block.file)
      #expect(try content(file).contains(block.text))
    }
    #expect(try configuration(whole[0].text) == TrainingConfiguration())
    #expect(try configuration(whole[1].text) != TrainingConfiguration())
  }

  @Test("the reference of the configuration names every key")
  func keys() throws {
    let whole = try #require(blocks.first { $0.language == "json5" && $0.text.hasPrefix("{") })
    let written = try StrictJSON.text(of: TrainingConfiguration())
    for key in written.matches(of: /"(\w+)" :/) {
      #expect(whole.text.contains("\(key.1):"), "\(key.1)")
    }
  }

  @Test("the other optimizers' defaults are as the table says")
  func optimizers() throws {
    let rows = text.matches(of: /\| `(adam|sgd|gradientEKF)` \| `([^`]+)` \|/)
    #expect(rows.count == 3)
    for row in rows {
      let (name, keys) = (String(row.1), String(row.2))
      #expect(
        try configuration("{optimizer: {\(name): {\(keys)}}}")
          == configuration("{optimizer: {\(name): {}}}"))
    }
  }

  @Test("command lines are those that the tool takes")
  func commands() throws {
    let lines = blocks.filter { $0.language == "sh" }.flatMap { $0.text.split(separator: "\n") }
    #expect(lines.count == 16)
    for line in lines {
      // Words are separated by spaces outside of quotes, as a shell does it.
      let words = line.matches(of: /(?:[^\s"]|"[^"]*")+/).map {
        $0.output.filter { $0 != "\"" }
      }
      #expect(words.first == "atomflow")
      let command = try #require(
        [any Command.Type].standard.first { command in
          words.dropFirst().starts(with: command.name.split(separator: " ").map(String.init))
        })
      let rest = words.dropFirst(1 + command.name.split(separator: " ").count)
      #expect(throws: Never.self) {
        try command.init(Arguments(rest, for: command.parameters))
      }
    }
  }
}
