import Foundation
import TestSupport
import Testing
import Train

@Suite("Structures with wild labels are named")
struct WildLabelTests {
  private let run = CurveRun<Double>(
    optimizer: ExtendedKalmanFilter(wildLabels: .reject), steps: 200, wildPoint: 17)

  private func table(in directory: URL) throws -> [[String]] {
    let text = try String(
      contentsOf: directory.appendingPathComponent("wild-labels.csv"), encoding: .utf8)
    return text.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
  }

  @Test("a table and a sentence at the end name the structure of each kind found most often")
  func named() throws {
    try withTemporaryDirectory { directory in
      var warnings: [String] = []
      try run.train(in: directory) { if case .warning(let text) = $0 { warnings.append(text) } }
      let rows = try table(in: directory)
      #expect(rows[0] == ["kind", "structure", "count", "last_step"])
      for kind in ["slope", "value"] {
        let first = try #require(rows.first { $0[0] == kind })
        let count = try #require(Int(first[2]))
        #expect(first[1] == "17" && count > 1, "\(rows)")
        let start =
          "labels of the kind '\(kind)' were far beyond the error that the filter expects in "
        let sentence = try #require(warnings.first { $0.hasPrefix(start) })
        #expect(sentence.contains(": 17 (\(count) times)"), "\(sentence)")
      }
    }
  }

  @Test("a run that stops and goes on counts as one that does not")
  func resumed() throws {
    let whole = try withTemporaryDirectory { directory in
      try run.train(in: directory)
      return try table(in: directory)
    }
    try withTemporaryDirectory { directory in
      try run.with { $0.stop = 77 }.train(in: directory)
      #expect(try table(in: directory) != whole)
      try run.with { $0.resumes = true }.train(in: directory)
      #expect(try table(in: directory) == whole)
    }
  }

  @Test("without wild labels there is no table")
  func none() throws {
    try withTemporaryDirectory { directory in
      try run.with { $0.optimizer = ExtendedKalmanFilter() }.train(in: directory)
      #expect(!FileManager.default.fileExists(atPath: directory.path + "/wild-labels.csv"))
    }
  }
}
