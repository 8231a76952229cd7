import Atomistic
import Benchmarks
import Foundation
import Testing
import Train

@Suite("Reports are printed, kept and compared")
struct ReportTests {
  private static let machine = Machine(
    processor: "Abacus", cores: 2, threads: 2, blasThreads: 1, blasCore: "Zen", load: 0.25,
    vectorBits: 256, single: ArithmeticPeak(products: 40, vectors: 100),
    double: ArithmeticPeak(products: 50, vectors: 45), readBandwidth: 20, readWriteBandwidth: 30)

  /// One millisecond for 10 MFLOP in `Float` and 6 MB.
  private static func measurement(
    _ name: String, seconds: Double = 1e-3, written: Double = 0, scalarSize: Int = 4
  ) -> BenchmarkResult {
    BenchmarkResult(
      name: name, time: Summary([seconds]),
      work: Work(
        arithmetic: 1e7, bytesRead: 6e6 - written, bytesWritten: written, scalarSize: scalarSize),
      yield: Yield(192, .atoms), peakMemory: 3_000_000)
  }

  private static func report(_ measurements: [BenchmarkResult]) -> Report {
    Report(
      version: "1.2.3", date: Date(timeIntervalSince1970: 0), machine: machine,
      measurements: measurements)
  }

  @Test("JSON gives the report back")
  func roundTrip() throws {
    var report = Self.report([Self.measurement("a"), Self.measurement("b")])
    report.comparison = report.ratios(to: report)
    let text = try StrictJSON.text(of: report)
    let back = try StrictJSON(Data(text.utf8), source: "report").decode(Report.self)
    #expect(back == report)
    #expect(back.date == "1970-01-01T00:00:00Z")
  }

  @Test("a file that is no report is an error with its name")
  func broken() throws {
    let json = try StrictJSON(Data("{version: 1}".utf8), source: "old.json")
    #expect(throws: ConfigurationError.self) { try json.decode(Report.self) }
  }

  @Test("shares compare the least work with the best peak of its precision and the bandwidth")
  func shares() throws {
    let single = Self.measurement("a")
    #expect(abs(try #require(single.shareOfPeak(Self.machine)) - 0.1) < 1e-12)
    #expect(abs(try #require(single.shareOfBandwidth(Self.machine)) - 0.3) < 1e-12)
    let double = Self.measurement("a", written: 3e6, scalarSize: 8)
    #expect(abs(try #require(double.shareOfPeak(Self.machine)) - 0.2) < 1e-12)
    #expect(abs(try #require(double.shareOfBandwidth(Self.machine)) - 0.2) < 1e-12)
    let plain = BenchmarkResult(name: "plain", time: Summary([1]))
    #expect(plain.shareOfPeak(Self.machine) == nil && plain.shareOfBandwidth(Self.machine) == nil)
  }

  @Test("only cases of both reports are compared")
  func ratios() throws {
    let old = Self.report([Self.measurement("a", seconds: 3), Self.measurement("gone")])
    let new = Self.report([Self.measurement("new"), Self.measurement("a", seconds: 2)])
    let ratios = new.ratios(to: old)
    let only = try #require(ratios.first)
    #expect(ratios.count == 1 && only.name == "a" && only.old == 3 && only.new == 2)
    #expect(only.ratio == 1.5)
    #expect(Report.table(ratios).contains("3.00 s"))
    #expect(Report.table(ratios).hasSuffix("1.50\n"))
  }

  @Test("a line of the table shows time, rate and shares")
  func text() {
    let report = Self.report([])
    let row = report.row(Self.measurement("a", seconds: 1.5e-3))
    #expect(row.hasPrefix("a "))
    let parts = [
      "1.50 ms", "15.62 us/(atom core)", "10.0 MFLOP 6.00 MB", "6.7 %", "20 %", "3.00 MB",
    ]
    for part in parts { #expect(row.contains(part), "\(part) in \(row)") }
    for part in ["1.2.3", "1970", "Abacus", "2 thread(s) of our own, 1 of OpenBLAS (Zen)"] {
      #expect(report.header.contains(part), "\(part)")
    }
  }
}
