import Foundation
import TestSupport
import Testing

@testable import Train

@Suite("Tables of metrics")
struct MetricsTableTests {
  static let columns = ["loss", "energy RMSE (meV)"]

  @Test("rows come back bit for bit, each complete as soon as it is appended")
  func roundTrip() throws {
    try withTemporaryDirectory { directory in
      let file = directory.appendingPathComponent("metrics.csv")
      let writer = try MetricsWriter(creating: file, columns: Self.columns)
      let rows: [[Double?]] = [[0.1, nil], [nil, nil], [1e-300, -0.0], [.infinity, 1 / 3]]
      for (step, values) in rows.enumerated() {
        try writer.append(step: step * 10, values)
        #expect(try MetricsTable(contentsOf: file).rows.count == step + 1)
      }
      let table = try MetricsTable(contentsOf: file)
      #expect(table.columns == Self.columns)
      #expect(table.rows.map(\.step) == [0, 10, 20, 30])
      for (row, values) in zip(table.rows, rows) {
        #expect(row.values.map { $0?.bitPattern } == values.map { $0?.bitPattern })
      }
      let text = try String(contentsOf: file, encoding: .utf8)
      #expect(text.hasPrefix("step,loss,energy RMSE (meV)\n0,0.1,\n10,,\n20,1e-300,-0.0\n"))
      #expect(text == table.text)
    }
  }

  @Test("a resumed run repeats no row, and drops what a killed run left unfinished")
  func resume() throws {
    try withTemporaryDirectory { directory in
      let file = directory.appendingPathComponent("metrics.csv")
      try Data("step,loss\n1,0.5\n2,0.25\n3,0.1\n4,0.".utf8).write(to: file)
      let writer = try MetricsWriter(resuming: file, columns: ["loss"], afterStep: 2)
      try writer.append(step: 3, [7])
      #expect(
        try String(contentsOf: file, encoding: .utf8) == "step,loss\n1,0.5\n2,0.25\n3,7.0\n")
      let error = #expect(throws: MetricsTableError.self) {
        try MetricsWriter(resuming: file, columns: ["force"], afterStep: 2)
      }
      #expect(error?.line == 1)
      #expect(error?.reason.contains("step,force") == true)
    }
  }

  @Test("not a number comes back as such")
  func notANumber() throws {
    let row = MetricsTable.Row(step: 1, values: [.nan])
    let table = try MetricsTable(parsing: "step,loss\n" + row.text)
    #expect(table.rows.first?.values.first??.isNaN == true)
  }

  @Test(
    "a damaged table is refused with its line",
    arguments: [
      ("", 1), ("loss\n", 1), ("step,loss", 1), ("step,loss\n1\n", 2), ("step,loss\n1,2,3\n", 2),
      ("step,loss\n1,2\n\n2,3\n", 3), ("step,loss\n1,2\nx,3\n", 3), ("step,loss\n1,two\n", 2),
      ("step,loss\n1, 2\n", 2), ("step,loss\n1,2\n1,3\n", 3), ("step,loss\n1,2\n2,3", 3),
    ])
  func damaged(text: String, line: Int) {
    let error = #expect(throws: MetricsTableError.self) { try MetricsTable(parsing: text) }
    #expect(error?.line == line)
    #expect(error?.reason.hasSuffix(".") == true)
  }

  @Test("errors name the file")
  func named() throws {
    try withTemporaryDirectory { directory in
      let file = directory.appendingPathComponent("metrics.csv")
      #expect(throws: MetricsTableError.self) { try MetricsTable(contentsOf: file) }
      try Data("step,loss\n1,two\n".utf8).write(to: file)
      let error = #expect(throws: MetricsTableError.self) { try MetricsTable(contentsOf: file) }
      #expect(
        error?.description
          == "\(file.path), line 2: Expected a number in column 'loss', found 'two'.")
    }
  }

  @Test("a fault is told in a line without control characters, whatever the file holds")
  func sentences() {
    func sentence(_ field: String) -> String? {
      let error = #expect(throws: MetricsTableError.self) {
        try MetricsTable(parsing: "step,a\n1,\(field)\n")
      }
      return error?.description
    }
    #expect(sentence("\u{1b}[31m")?.contains("found '?[31m'") == true)
    #expect(sentence(String(repeating: "x", count: 10_000))?.count ?? .max < 200)
  }
}
