import Atomistic
import Foundation
import Testing
import Train

@testable import AtomFlowTool

@Suite("README and articles show what is there")
struct DocumentationTests {
  /// The folder of the README.
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// A fenced block: its language, its lines, and the last file named above it on the page.
  struct Block {
    var language, text: String
    var file: String?
  }

  /// The README or an article.
  struct Page: CustomStringConvertible {
    let path, text: String
    private(set) var blocks: [Block] = []

    var description: String { path }

    init(_ path: String) throws {
      self.path = path
      text = try DocumentationTests.content(path)
      var open: Block?
      var file: String?
      for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
        if let block = open, line == "```" {
          blocks.append(block)
          (open, file) = (nil, nil)
        } else if open != nil {
          open?.text += "\(line)\n"
        } else if line.hasPrefix("```") {
          open = Block(language: String(line.dropFirst(3)), text: "", file: file)
        } else if let named = line.matches(of: /[\w\/+-]+\.(?:swift|json)/).last {
          file = String(named.output)
        }
      }
    }
  }

  private let pages: [Page]

  init() throws {
    let folders = ["Tensor", "Graph", "Layers", "Atomistic", "Train"].map {
      "Sources/\($0)/Documentation.docc"
    }
    let articles = try folders.flatMap { folder in
      try FileManager.default.contentsOfDirectory(
        atPath: Self.root.appendingPathComponent(folder).path
      ).filter { $0.hasSuffix(".md") }.map { "\(folder)/\($0)" }
    }
    pages = try (["README.md"] + articles.sorted()).map(Page.init)
  }

  private static func content(_ file: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(file), encoding: .utf8)
  }

  private static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: root.appendingPathComponent(path).path)
  }

  private func page(_ name: String) throws -> Page {
    try #require(pages.first { $0.path.hasSuffix(name) })
  }

  private func configuration(_ text: String) throws -> TrainingConfiguration {
    try StrictJSON(Data(text.utf8), source: "Configuration.md").decode(
      TrainingConfiguration.self, userInfo: Catalog.standard.userInfo)
  }

  @Test("the README has less than 200 lines")
  func length() {
    #expect(pages[0].text.count { $0 == "\n" } < 200)
  }

  @Test("code in Swift consists of lines of files that are compiled, and every tour is shown")
  func code() throws {
    func lines(_ text: String) -> String {
      text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        .filter { !$0.isEmpty }.joined(separator: "\n")
    }
    var shown: Set<String> = []
    for page in pages {
      for block in page.blocks where block.language == "swift" {
        let file = try #require(block.file, "\(page): no file is named above \(block.text)")
        #expect(
          lines(try Self.content(file)).contains(lines(block.text)),
          "\(page): \(file) does not hold \(block.text)")
        shown.insert(file)
      }
    }
    let tours = try FileManager.default.contentsOfDirectory(
      atPath: Self.root.appendingPathComponent("Examples/Tours/Sources").path)
    #expect(shown.isSuperset(of: tours.map { "Examples/Tours/Sources/\($0)/main.swift" }))
  }

  @Test("links and paths lead to files")
  func links() throws {
    for page in pages {
      let links = page.text.matches(of: /\]\(([^)]+)\)/).map { String($0.1) }
        .filter { !$0.contains("://") }
      if page.path == "README.md" {
        #expect(!links.isEmpty)
        for link in links { #expect(Self.exists(link), "\(page): \(link)") }
      }
      let paths = page.text.matches(
        of: /`((?:Sources|Tests|Examples|Scripts|Benchmarks|Python)\/[\w\/.+*-]+)`/)
      for path in paths.map({ String($0.1) }) {
        if path.contains("*") {
          let parts = path.split(separator: "*", maxSplits: 1).map(String.init)
          let folder = URL(fileURLWithPath: "/\(parts[0])").deletingLastPathComponent().path
          let names = try FileManager.default.contentsOfDirectory(
            atPath: Self.root.appendingPathComponent(folder).path)
          #expect(
            names.contains {
              "\(folder)/\($0)".hasPrefix("/\(parts[0])") && $0.hasSuffix(parts[1])
            },
            "\(page): \(path)")
        } else {
          #expect(Self.exists(path), "\(page): \(path)")
        }
      }
    }
  }

  @Test("configurations are the defaults, lines of the examples, or at least sound")
  func configurations() throws {
    let lines = pages[0].blocks.filter { $0.language == "json5" }
    #expect(lines.count == 2)
    for block in lines {
      let file = try #require(block.file)
      #expect(try Self.content(file).contains(block.text))
    }
    let whole = try page("Configuration.md").blocks.filter { $0.language == "json5" }
    #expect(whole.count == 5)
    #expect(try configuration(whole[0].text) == TrainingConfiguration())
    for block in whole.dropFirst() {
      #expect(try configuration(block.text) != TrainingConfiguration())
    }
  }

  @Test("the article on studies shows all keys, and their defaults")
  func study() throws {
    let block = try #require(
      try page("RunningAStudy.md").blocks.first { $0.language == "json5" })
    let shown = try StrictJSON(Data(block.text.utf8), source: "RunningAStudy.md").decode(
      StudyConfiguration.self, userInfo: Catalog.standard.userInfo)
    var expected = StudyConfiguration()
    expected.regimes = [StudyRegime(name: "extrapolation")]
    expected.simulations = [StudySimulation(name: "npt")]
    expected.arms = shown.arms
    #expect(shown == expected)
    // Keys of the common training are those of another article.
    var bare = try JSONDecoder().decode(
      [String: JSONValue].self, from: Data(StrictJSON.text(of: shown).utf8))
    bare["training"] = nil
    for key in try StrictJSON.text(of: bare).matches(of: /"(\w+)" :/) {
      #expect(block.text.contains("\(key.1):"), "\(key.1)")
    }
  }

  @Test("the examples of studies are sound", arguments: ["study-quick", "study-water"])
  func studies(name: String) throws {
    let file = Self.root.appendingPathComponent("Examples/\(name).json").path
    let plan = try StudyPlan(
      StudyConfiguration.read(file, catalog: .standard), catalog: .standard)
    #expect(plan.tasks.count > 10)
  }

  @Test("the reference of the configuration names every key")
  func keys() throws {
    let reference = try #require(try page("Configuration.md").blocks.first)
    let written = try StrictJSON.text(of: TrainingConfiguration())
    for key in written.matches(of: /"(\w+)" :/) {
      #expect(reference.text.contains("\(key.1):"), "\(key.1)")
    }
  }

  @Test("the other optimizers' defaults are as the table says")
  func optimizers() throws {
    let rows = try page("Configuration.md").text.matches(of: /\| `(\w+)` \| `([^`]+)` \|/)
    #expect(Set(rows.map { String($0.1) } + ["ekf"]) == Set(OptimizerCatalog.standard.kinds))
    let fixed = "{structures: {fixed: true}}"
    for row in rows {
      let (name, keys) = (String(row.1), String(row.2))
      #expect(
        try configuration("{schedule: \(fixed), optimizer: {\(name): {\(keys)}}}")
          == configuration("{schedule: \(fixed), optimizer: {\(name): {}}}"))
    }
  }

  @Test("command lines are those that the tool takes")
  func commands() throws {
    let lines = pages.flatMap(\.blocks).filter { $0.language == "sh" }
      .flatMap { $0.text.split(separator: "\n") }
    #expect(lines.count > 20)
    for line in lines {
      // Words are separated by spaces outside of quotes, as a shell does it.
      let words = line.matches(of: /(?:[^\s"]|"[^"]*")+/).map {
        $0.output.filter { $0 != "\"" }
      }
      #expect(["atomflow", "author"].contains(words.first), "\(line)")
      let command = try #require(
        [any Command.Type].standard.first { command in
          words.dropFirst().starts(with: command.name.split(separator: " ").map(String.init))
        })
      let rest = words.dropFirst(1 + command.name.split(separator: " ").count)
      #expect(throws: Never.self, "\(line)") {
        try command.init(Arguments(rest, for: command.parameters))
      }
    }
  }
}
