// Prints the line coverage of each module and of all; fails below a bound.
// Usage: swift Scripts/coverage.swift REPORT.json SOURCES/ LOWEST-PERCENTAGE
import Foundation

struct Report: Decodable {
  struct Lines: Decodable { var count, covered: Int }
  struct Summary: Decodable { var lines: Lines }
  struct File: Decodable {
    var filename: String
    var summary: Summary
  }
  struct Part: Decodable { var files: [File] }
  var data: [Part]
}

func line(_ name: String, _ count: Int, _ covered: Int) -> String {
  let share = String(format: "%.1f", 100 * Double(covered) / Double(max(1, count)))
  let label = name.padding(toLength: 12, withPad: " ", startingAt: 0)
  return "coverage: \(label) \(share) % of \(count) lines"
}

let (file, sources) = (CommandLine.arguments[1], CommandLine.arguments[2])
let lowest = Double(CommandLine.arguments[3])!
let data = try Data(contentsOf: URL(fileURLWithPath: file))
let files = try JSONDecoder().decode(Report.self, from: data).data.flatMap(\.files)
var modules: [String: Report.Lines] = [:]
var total = Report.Lines(count: 0, covered: 0)
for file in files where file.filename.hasPrefix(sources) {
  let module = file.filename.dropFirst(sources.count).prefix { $0 != "/" }
  let lines = file.summary.lines
  modules[String(module), default: .init(count: 0, covered: 0)].count += lines.count
  modules[String(module)]?.covered += lines.covered
  total.count += lines.count
  total.covered += lines.covered
}
for (module, lines) in modules.sorted(by: { $0.key < $1.key }) {
  print(line(module, lines.count, lines.covered))
}
print(line("Sources", total.count, total.covered))
guard 100 * Double(total.covered) >= lowest * Double(total.count), total.count > 0 else {
  print("coverage: less than \(lowest) % of Sources is covered by tests")
  exit(1)
}
