import Atomistic
import Benchmarks
import Foundation
import Tensors
import TestSupport
import Testing
import Train

@testable import AtomFlowTool

@Suite("The tool measures itself")
struct BenchTests {
  @Test("a report in JSON can be compared with the next")
  func comparison() throws {
    try withTemporaryDirectory { folder in
      let first = try BuiltTool(
        "bench", "overhead", "ekf-solve-m1-n1000", "--quick", "--json", "--threads", "1",
        in: folder)
      #expect(first.status == 0, "\(first.errors)")
      let url = folder.appendingPathComponent("old.json")
      try Data(first.output.utf8).write(to: url)
      let report = try StrictJSON(contentsOf: url).decode(Report.self)
      #expect(report.measurements.map(\.name) == ["ekf-solve-m1-n1000", "overhead"])
      #expect(report.machine.threads == 1 && report.machine.blasThreads == 1)
      #expect(report.machine.single.products > report.machine.double.products / 2)
      #expect(report.machine.single.vectors > report.machine.double.vectors / 2)
      #expect(report.machine.vectorBits == 32 * Float.lanes)
      #expect(report.machine.readBandwidth > 0.1 && report.machine.readWriteBandwidth > 0.1)

      let second = try BuiltTool(
        "bench", "overhead", "--quick", "--compare", "old.json", in: folder)
      #expect(second.status == 0, "\(second.errors)")
      #expect(second.output.hasPrefix("AtomFlow \(AtomFlowVersion.number), "))
      #expect(second.output.contains("ns/node"))
      #expect(second.output.contains("old / new\noverhead "))
    }
  }

  @Test("cases are measured in turn with others, as they are asked for")
  func turns() throws {
    try withTemporaryDirectory { folder in
      let tool = try BuiltTool(
        "bench", "--in-turn", "--quick", in: folder, input: "overhead\noverhead\n")
      #expect(tool.status == 0, "\(tool.errors)")
      let lines = tool.output.split(separator: "\n").map { Data($0.utf8) }
      try #require(lines.count == 3)
      #expect(try JSONDecoder().decode(Machine.self, from: lines[0]).threads == 2)
      for line in lines.dropFirst() {
        let measurement = try JSONDecoder().decode(BenchmarkResult.self, from: line)
        #expect(measurement.name == "overhead" && measurement.time.median > 0)
      }
      let stranger = try BuiltTool("bench", "--in-turn", "--quick", in: folder, input: "overhaed\n")
      #expect(stranger.status == 2)
      #expect(stranger.errors.contains("read 'overhaed'"))
      let beside = try BuiltTool("bench", "--in-turn", "--json", in: folder)
      #expect(beside.status == 2)
      #expect(beside.errors.contains("--json has no meaning beside --in-turn"))
    }
  }

  @Test("cases can be listed; what is no case or no report is told before anything is measured")
  func sentences() throws {
    try withTemporaryDirectory { folder in
      let list = try BuiltTool("bench", "jacobian-force", "--list", in: folder)
      #expect(list.output.split(separator: "\n").count == 6)
      let stranger = try BuiltTool("bench", "overhaed", in: folder)
      #expect(stranger.status == 2)
      #expect(stranger.errors.contains("there is no case 'overhaed'; did you mean overhead?"))
      let missing = try BuiltTool("bench", "--compare", "no.json", in: folder)
      #expect(missing.status == 1)
      #expect(missing.errors.contains("no.json"))
    }
  }
}
