import Foundation
import Testing

@Suite("The article on all operations")
struct OperationListTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  private static let article = "Sources/Graph/Documentation.docc/AllOperations.md"

  @Test("the article is the one that the script makes of the doc comments")
  func isCurrent() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "swift", Self.root.appendingPathComponent("Scripts/operations.swift").path,
    ]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let made = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(
      try made == Self.text(Self.article),
      "write it anew: swift Scripts/operations.swift > \(Self.article)")
  }

  @Test("every public method of a file of operations is listed")
  func isComplete() throws {
    let article = try Self.text(Self.article)
    for folder in ["Primitives", "Composites"] {
      let path = "Sources/Graph/\(folder)"
      for file in try FileManager.default.contentsOfDirectory(
        atPath: Self.root.appendingPathComponent(path).path)
      {
        let source = try Self.text("\(path)/\(file)")
        guard let start = source.range(of: "extension Symbol {") else { continue }
        for name in source[start.upperBound...].matches(of: /public (?:static )?func (\w+)\(/) {
          #expect(article.contains("func \(name.1)("), "\(file): \(name.1)")
        }
      }
    }
  }
}
