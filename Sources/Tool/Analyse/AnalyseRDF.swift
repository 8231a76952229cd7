public import Atomistic
import Train

extension ElementPair: ArgumentValue {
  /// Reads a word; nil where it does not fit.
  public init?(argument: String) { self.init(argument) }

  /// The requirement on a word.
  public static var expectation: String { "two elements, such as O-H" }
}

/// `atomflow analyse rdf`: radial distribution functions.
struct AnalyseRDF: Command {
  static let name = "analyse rdf"
  static let summary = "Measure radial distribution functions"
  static let discussion =
    "Counts the atoms of one element around the atoms of another against distance, divided by the "
    + "count in an ideal gas of the same density; all periodic images count, so the range may go beyond "
    + "half the cell. Also prints where the highest peak is, and the number of neighbours up to the "
    + "minimum behind it. The band in the figure is the standard error of one trajectory, or the "
    + "standard deviation over several."
  static let example =
    "atomflow analyse rdf nvt.extxyz --pair O-O --svg goo.svg\n"
    + "atomflow analyse rdf run-*.extxyz --pair O-O --pair O-H --range 6 --csv g.csv"

  static let pair = Option<ElementPair>(
    "pair", "A-B", .repeated, help: "The elements, such as O-H; else all pairs there are.")
  static let range = Option<Double>("range", "R", default: 8, help: "The range in angstrom.")
  static let width = Option<Double>(
    "bin", "WIDTH", default: 0.05, help: "The width of a shell in angstrom.")
  static let parameters: [any Parameter] = AnalyseOptions.parameters + [pair, range, width]

  /// The JSON of one pair.
  private struct Report: Encodable {
    var r, g: [Double]
    var error, deviation: [Double]?
    var coordination: [Double]
    var peak: RadialDistribution.Peak
    var peakPosition: Estimate?
  }

  /// The heights that a figure shows of distribution functions.
  private static let heightToShow = 0.0...6

  let options: AnalyseOptions
  let pairs: [ElementPair]
  let range: Double
  let bins: Int

  init(_ arguments: Arguments) throws(UsageError) {
    options = try AnalyseOptions(arguments)
    pairs = arguments.all(Self.pair)
    range = arguments.value(Self.range)
    let width = arguments.value(Self.width)
    guard range > 0, range <= 100 else {
      throw .rule("--range should be above 0 and at most 100, but is \(range).")
    }
    guard width > 0, range / width >= 3, range / width <= 100_000 else {
      throw .rule("--bin should divide the range into 3 to 100000 shells, but is \(width).")
    }
    guard Set(pairs).count == pairs.count else { throw .rule("--pair names a pair twice.") }
    bins = Int((range / width).rounded())
  }

  func run(in tool: Tool) throws {
    var pairs = pairs
    let runs = try options.forEachTrajectory(in: tool) { trajectory, frames in
      if pairs.isEmpty {
        try trajectory.forEach(in: frames.prefix(1)) { pairs = ElementPair.all(of: $0) }
      }
      var distribution = RadialDistribution(
        pairs: pairs, frames: frames.count, range: range, bins: bins)
      try trajectory.forEach(in: frames) { frame throws(FrameFault) in
        try distribution.add(frame)
      }
      return distribution.curves()
    }
    let reports = pairs.indices.map { index in report(runs.map { $0[index] }) }
    let named = Dictionary(uniqueKeysWithValues: zip(pairs.map(\.description), reports))
    let lines = zip(pairs, reports).map { pair, report in
      let peak = report.peak
      return "\(pair): highest \(decimal(peak.height, 3)) at \(decimal(peak.position, 3)) "
        + "angstrom, \(decimal(peak.coordination, 2)) neighbours within "
        + "\(decimal(peak.minimum, 2)) angstrom\n"
    }
    try options.publish(
      json: try StrictJSON.text(of: ["rdf": named]), text: lines.joined(),
      table: table(pairs, reports), figure: figure(pairs, reports))
  }

  private func report(_ curves: [RadialDistribution.Curve]) -> Report {
    let g = Band(curves.map(\.g))
    return Report(
      r: curves[0].r, g: g.mean, error: curves.count == 1 ? curves[0].error : nil,
      deviation: g.deviation, coordination: Band(curves.map(\.coordination)).mean,
      peak: RadialDistribution.Peak(mean: curves.map(\.peak)),
      peakPosition: curves.count == 1 ? nil : Estimate(independent: curves.map(\.peak.position)))
  }

  private func table(_ pairs: [ElementPair], _ reports: [Report]) -> SeriesTable {
    var table = SeriesTable([
      "pair", "r_angstrom", "g", reports.first?.deviation == nil ? "error" : "deviation",
      "coordination",
    ])
    for (pair, report) in zip(pairs, reports) {
      for bin in report.r.indices {
        table.add(
          "\(pair)", report.r[bin], report.g[bin], (report.deviation ?? report.error)?[bin],
          report.coordination[bin])
      }
    }
    return table
  }

  private func figure(_ pairs: [ElementPair], _ reports: [Report]) -> Figure {
    func panel(_ y: Axis, _ layers: [Layer]) -> Panel {
      Panel(x: Axis(label: "distance r (Å)", range: 0...range), y: y, layers: layers)
    }
    // Beside the peak of a bond, those between molecules could not be seen.
    let isHigh = reports.contains { $0.peak.height > Self.heightToShow.upperBound }
    let height =
      isHigh
      ? Axis(label: "g(r), cut off above", range: Self.heightToShow)
      : Axis(label: "g(r)", startsAtZero: true)
    var distribution: [Layer] = [Layer(.level(1), style: 6)]
    var coordination: [Layer] = []
    for (index, (pair, report)) in zip(pairs, reports).enumerated() {
      distribution += Layer.curve(
        x: report.r, y: report.g, deviation: report.deviation ?? report.error, name: "\(pair)",
        style: index)
      coordination += Layer.curve(
        x: report.r, y: report.coordination, deviation: nil, name: "\(pair)", style: index)
    }
    return Figure(
      "Radial distribution functions",
      [
        panel(height, distribution),
        panel(Axis(label: "neighbours within r", startsAtZero: true), coordination),
      ])
  }
}

extension RadialDistribution.Peak {
  /// The mean of the peaks of several runs.
  init(mean peaks: [RadialDistribution.Peak]) {
    func mean(_ value: (Self) -> Double) -> Double { Estimate.moments(peaks.map(value)).mean }
    self.init(
      position: mean(\.position), height: mean(\.height), minimum: mean(\.minimum),
      coordination: mean(\.coordination))
  }
}
