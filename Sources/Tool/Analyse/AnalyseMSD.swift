import Atomistic
import Train

/// `atomflow analyse msd`: mean square displacements and diffusion coefficients.
struct AnalyseMSD: Command {
  static let name = "analyse msd"
  static let summary = "Measure mean square displacements and diffusion"
  static let discussion =
    "Follows atoms through periodic boundaries from frame to frame, whether or not the file has "
    + "wrapped them; between frames they must move by less than half a cell. The diffusion "
    + "coefficient in cm^2/s is a sixth of the slope, fitted from a fifth of the longest lag on, "
    + "and not corrected for the size of the cell. The longest lag is a quarter of the frames. Where "
    + "displacements grow faster there than by diffusion, as t^1.2 or more, a warning is printed."
  static let example =
    "atomflow analyse msd nvt.extxyz --element O --json\n"
    + "atomflow analyse msd run-*.extxyz --timestep 10 --lag 20000 --svg msd.svg"
  static let parameters = MotionOptions.parameters

  /// The JSON of one element.
  private struct Report: Encodable {
    var time, msd: [Double]
    var deviation: [Double]?
    var diffusion: Estimate
    var exponent: Double?
    var warning: String?
  }

  let motion: MotionOptions

  init(_ arguments: Arguments) throws(UsageError) { motion = try MotionOptions(arguments) }

  func run(in tool: Tool) throws {
    var elements = motion.elements
    let runs = try motion.options.forEachTrajectory(in: tool) { trajectory, chosen in
      var (clock, present, frames) = try motion.start(trajectory, chosen, in: tool)
      if elements.isEmpty { elements = present }
      var displacement = MeanSquareDisplacement(
        elements: elements, frames: frames.count, interval: clock.interval, longest: motion.lag)
      try trajectory.forEach(in: frames) { frame throws(FrameFault) in
        try clock.check(frame)
        try displacement.add(frame)
      }
      if displacement.doubtful > 0 {
        tool.warn(
          "\(trajectory.path): \(displacement.doubtful) times an atom moved by "
            + "more than 0.4 of the cell between frames, and may have been lost; write frames more "
            + "often.")
      }
      return displacement.curves()
    }
    try motion.requireSameSteps(runs.map { $0[0].time[1] })
    let reports = elements.indices.map { index in
      let band = Band(runs.map { $0[index].msd })
      let exponent = mean(runs.compactMap { $0[index].exponent })
      return Report(
        time: Array(runs[0][index].time.prefix(band.mean.count)), msd: band.mean,
        deviation: band.deviation, diffusion: Estimate(runs: runs.map { $0[index].diffusion }),
        exponent: exponent, warning: exponent.flatMap(warning))
    }
    for (element, report) in zip(elements, reports) {
      guard let warning = report.warning else { continue }
      tool.warn("\(element): \(warning)")
    }
    let named = Dictionary(uniqueKeysWithValues: zip(elements.map(\.symbol), reports))
    let lines = zip(elements, reports).map { element, report in
      let scaled = Estimate(
        mean: report.diffusion.mean * 1e5, error: report.diffusion.error.map { $0 * 1e5 })
      return "\(element): diffusion coefficient (\(scaled.text(4)))e-5 cm^2/s\n"
    }
    try motion.options.publish(
      json: try StrictJSON.text(of: ["msd": named]), text: lines.joined(),
      table: table(elements, reports), figure: figure(elements, reports))
  }

  private func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  /// What to say of motion that is not diffusion yet; nil if it is.
  private func warning(_ exponent: Double) -> String? {
    guard exponent > MeanSquareDisplacement.Curve.largestExponent else { return nil }
    return "the displacements grow as t^\(decimal(exponent, 2)) where the diffusion coefficient is "
      + "fitted, not as t, so the atoms do not diffuse yet and the coefficient means nothing; "
      + "analyse a longer trajectory, or more of it with --lag."
  }

  private func table(_ elements: [Element], _ reports: [Report]) -> SeriesTable {
    var table = SeriesTable(["element", "time_fs", "msd_angstrom2", "deviation"])
    for (element, report) in zip(elements, reports) {
      for lag in report.time.indices {
        table.add(element.symbol, report.time[lag], report.msd[lag], report.deviation?[lag])
      }
    }
    return table
  }

  private func figure(_ elements: [Element], _ reports: [Report]) -> Figure {
    var layers: [Layer] = []
    for (index, (element, report)) in zip(elements, reports).enumerated() {
      layers += Layer.curve(
        x: report.time.map { $0 / 1000 }, y: report.msd, deviation: report.deviation,
        name: element.symbol, style: index)
    }
    return Figure(
      "Mean square displacement",
      [
        Panel(
          x: Axis(label: "time (ps)", startsAtZero: true),
          y: Axis(label: "mean square displacement (Å²)", startsAtZero: true), layers: layers)
      ])
  }
}
