import Atomistic
import Benchmarks
import Foundation
import Tensors
import Train

/// `atomflow bench`: how fast this machine is at all that counts.
struct Bench: Command {
  static let name = "bench"
  static let summary = "Measure how fast the program is on this machine"
  static let discussion =
    "Each case is set up, warmed up and timed. Beside the median stand the least work of the case and "
    + "its share of the machine's peak and memory bandwidth, both measured with the same threads; the "
    + "peak is the better of OpenBLAS's and our own vectors'. NAME is a case or the beginning of several, such as jacobian; without a name all "
    + "cases are run, which takes some minutes. The workload, boxes of 64 water molecules, is "
    + "generated."
  static let example =
    "atomflow bench --list\natomflow bench jacobian ekf-force-10 --json > old.json\n"
    + "atomflow bench jacobian --compare old.json"

  static let names = Positional<String>("NAME", .repeated, help: "The cases; all without.")
  static let json = Flag("json", help: "Print JSON instead of a table.")
  static let compare = Option<String>(
    "compare", "OLD.json", help: "Also print how the medians of an older report have changed.")
  static let threads = Option<Int>("threads", "T", default: 2, help: "The number of threads.")
  static let precision = Option<BenchmarkSuite.Precision>(
    "precision", "NAME", default: .float32, help: "The precision: float32, float64 or both.")
  static let quick = Flag("quick", help: "Only see that the cases work: rough times in seconds.")
  static let list = Flag("list", help: "List the cases and measure none.")
  static let workload = Option<String>(
    "write-workload", "FILE",
    help: "Measure nothing; write the numbers and results of the cases that are compared with "
      + "other frameworks.")
  static let inTurn = Flag(
    "in-turn",
    help: "Print the machine as a line of JSON; then, for each line read from standard input that "
      + "names a case, measure it for a moment and print that as a line.")
  static let parameters: [any Parameter] = [
    names, json, compare, threads, precision, quick, list, workload, inTurn,
  ]

  let benchmarks: [Benchmark]
  let json, quick, list, inTurn: Bool
  let compare, workload: String?
  let threads: Int

  init(_ arguments: Arguments) throws(UsageError) {
    let all = BenchmarkSuite.benchmarks(arguments.value(Self.precision))
    benchmarks = try Self.select(arguments.all(Self.names), from: all)
    json = arguments[Self.json]
    quick = arguments[Self.quick]
    list = arguments[Self.list]
    compare = arguments[Self.compare]
    workload = arguments[Self.workload]
    inTurn = arguments[Self.inTurn]
    let others = arguments.given(among: [Self.json, Self.compare, Self.list, Self.workload])
    if inTurn, let stranger = others.first {
      throw .rule("\(stranger) has no meaning beside --in-turn.")
    }
    threads = try arguments.threads(Self.threads)
  }

  private static func select(
    _ names: [String], from all: [Benchmark]
  ) throws(UsageError) -> [Benchmark] {
    switch BenchmarkSuite.select(names, from: all) {
    case .success(let benchmarks): return benchmarks
    case .failure(let unknown):
      let nearest = nearestName(to: unknown.name, among: all.map(\.name))
      throw .rule(
        "there is no case '\(unknown.name)'"
          + (nearest.map { "; did you mean \($0)?" } ?? "; --list shows them."))
    }
  }

  func run(in tool: Tool) throws {
    if list {
      let text = benchmarks.map { "\($0.name): \($0.summary)\n" }.joined()
      return try StandardStreams.output(text)
    }
    let context = BenchmarkContext(
      workers: Workers(count: threads), isQuick: quick, stopwatch: inTurn && !quick ? .turn : nil)
    if inTurn { return try answer(in: context) }
    if let workload {
      try WorkloadFile.write(to: URL(fileURLWithPath: workload), in: context)
      return try StandardStreams.output(
        "\(workload): the numbers and results of the compared cases\n")
    }
    // Read before anything is measured, so that a wrong file costs no time.
    let old = try compare.map {
      try StrictJSON(contentsOf: URL(fileURLWithPath: $0)).decode(Report.self)
    }
    var report = Report(
      version: AtomFlowVersion.number, machine: Machine(measuring: context.workers, quickly: quick))
    if !json { try StandardStreams.output(report.header + "\n" + Report.columns) }
    for benchmark in benchmarks {
      if json { StandardStreams.error("\(benchmark.name)\n") }
      let measurement = try benchmark.run(in: context)
      report.measurements.append(measurement)
      if !json { try StandardStreams.output(report.row(measurement)) }
    }
    report.comparison = old.map(report.ratios)
    if json {
      try StandardStreams.output(try StrictJSON.text(of: report) + "\n")
    } else if let ratios = report.comparison {
      try StandardStreams.output("\n" + Report.table(ratios))
    }
  }
}

extension Bench {
  /// Measures the cases that lines of standard input ask for, until its end.
  private func answer(in context: BenchmarkContext) throws {
    func print(_ value: some Encodable) throws {
      let line = try JSONEncoder().encode(value)
      try StandardStreams.output(String(decoding: line, as: UTF8.self) + "\n")
    }
    try print(Machine(measuring: context.workers, quickly: quick))
    while let name = readLine() {
      guard let benchmark = benchmarks.first(where: { $0.name == name }) else {
        throw UsageError.rule("--in-turn takes whole names of cases, but read '\(name)'.")
      }
      try print(try benchmark.run(in: context))
    }
  }
}

extension BenchmarkSuite.Precision: ArgumentValue {}
