// Prints the article "All operations" from the doc comments of Sources/Graph; a test compares it with
// the one that is kept.
// Usage: swift Scripts/operations.swift > Sources/Graph/Documentation.docc/AllOperations.md
import Foundation

/// A public declaration on `Symbol`, with the first sentence of its comment.
struct Operation {
  var signature, sentence: String
}

/// A file of operations: its primitive, if it has one, and the public declarations.
struct File {
  var name: String
  var primitive: Operation?
  var operations: [Operation] = []

  init(_ url: URL) throws {
    name = url.deletingPathExtension().lastPathComponent
    var comment: [String] = []
    var open: String?
    var isInSymbol = false
    for line in try String(contentsOf: url, encoding: .utf8).split(
      separator: "\n", omittingEmptySubsequences: false)
    {
      let text = line.trimmingCharacters(in: .whitespaces)
      if line.hasPrefix("extension ") { isInSymbol = line.hasPrefix("extension Symbol ") }
      if text.hasPrefix("///") {
        comment.append(text.dropFirst(3).trimmingCharacters(in: .whitespaces))
      } else if let start = open {
        open = start + (start.hasSuffix("(") || text.hasPrefix(")") ? "" : " ") + text
      } else if isInSymbol, text.hasPrefix("public ") {
        open = String(text.dropFirst("public ".count))
      } else {
        if line.hasPrefix("struct "),
          text.contains("Primitive") || text.contains("Elementwise")
            || text.contains("LinearSolve")
        {
          primitive = Operation(
            signature: String(text.dropFirst("struct ".count).prefix { $0 != ":" }),
            sentence: Self.sentence(comment))
        }
        comment = []
      }
      if let declaration = open, text.contains("{") {
        let head = declaration.prefix { $0 != "{" }.trimmingCharacters(in: .whitespaces)
        operations.append(Operation(signature: head, sentence: Self.sentence(comment)))
        (open, comment) = (nil, [])
      }
    }
  }

  /// The first sentence of a comment, or its first paragraph up to a colon and a formula.
  static func sentence(_ comment: [String]) -> String {
    let paragraph = comment.prefix { !$0.isEmpty }.joined(separator: " ")
    let end = paragraph.range(of: #"\.(?= [A-Z])"#, options: .regularExpression)
    let first = end.map { String(paragraph[..<$0.upperBound]) } ?? paragraph
    return first.replacingOccurrences(of: "|", with: "\\|")
  }
}

func files(_ folder: String) throws -> [File] {
  let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  let url = root.appendingPathComponent("Sources/Graph/\(folder)")
  return try FileManager.default.contentsOfDirectory(atPath: url.path)
    .filter { $0.hasSuffix(".swift") }.sorted().map { try File(url.appendingPathComponent($0)) }
}

func table(_ operations: [Operation]) -> String {
  "| Signature | Meaning |\n| --- | --- |\n"
    + operations.map { "| `\($0.signature)` | \($0.sentence) |\n" }.joined()
}

let primitives = try files("Primitives")
let operators = try files("").filter { $0.name == "Symbol+Operators" }
print(
  """
  # All operations

  The operations on symbols, with the first sentence of their documentation.

  ## Primitives with a method

  Each is a file in `Sources/Graph/Primitives` with its type, value, derivative and batched form.

  \(table(primitives.flatMap(\.operations)))
  ## Operators and constants

  \(table(operators.flatMap(\.operations)))
  ## Composites

  Written with primitives in `Sources/Graph/Composites`, without rules of their own.

  \(table(try files("Composites").flatMap(\.operations)))
  ## Primitives without a method

  Operators, derivatives and rewrites make them.

  \(table(primitives.filter { $0.operations.isEmpty }.compactMap(\.primitive)))
  """, terminator: "")
