import Atomistic
import Train

/// `atomflow analyse vacf`: velocity autocorrelation functions and spectra.
struct AnalyseVACF: Command {
  static let name = "analyse vacf"
  static let summary = "Measure velocity autocorrelation and its spectrum"
  static let discussion =
    "Takes the velocities in the frames. The spectrum of all atoms, weighted with their masses, is "
    + "the vibrational density of states. A frequency shows only if there are more than two frames "
    + "in its period: for the bonds of water, frames every 4 fs or less. The longest lag is 2000 fs, "
    + "but not more than a quarter of the frames; the longer it is, the narrower are the peaks."
  static let example =
    "atomflow analyse vacf nve.extxyz --svg spectrum.svg\n"
    + "atomflow analyse vacf run-*.extxyz --element H --timestep 1 --lag 1000 --csv vacf.csv"
  static let parameters = MotionOptions.parameters

  /// The JSON of one element.
  private struct Report: Encodable {
    var time, vacf: [Double]
    var deviation: [Double]?
    var wavenumber, spectrum: [Double]
    var spectrumDeviation: [Double]?
    var maximum: Double

    init(_ curves: [VelocityAutocorrelation.Curve]) {
      let (vacf, spectrum) = (Band(curves.map(\.vacf)), Band(curves.map(\.spectrum)))
      (self.vacf, deviation) = (vacf.mean, vacf.deviation)
      (self.spectrum, spectrumDeviation) = (spectrum.mean, spectrum.deviation)
      time = Array(curves[0].time.prefix(vacf.mean.count))
      wavenumber = Array(curves[0].wavenumber.prefix(spectrum.mean.count))
      let highest = spectrum.mean.indices.max { spectrum.mean[$0] < spectrum.mean[$1] } ?? 0
      maximum = wavenumber[highest]
    }
  }

  let motion: MotionOptions

  init(_ arguments: Arguments) throws(UsageError) { motion = try MotionOptions(arguments) }

  func run(in tool: Tool) throws {
    var elements: [Element] = []
    let runs = try motion.options.forEachTrajectory(velocities: true, in: tool) {
      trajectory, chosen in
      var (clock, present, frames) = try motion.start(trajectory, chosen, in: tool)
      if elements.isEmpty { elements = present }
      var correlation = VelocityAutocorrelation(
        elements: present, frames: frames.count, interval: clock.interval, longest: motion.lag)
      try trajectory.forEach(in: frames) { frame throws(FrameFault) in
        try clock.check(frame)
        try correlation.add(frame)
      }
      let (byElement, all) = correlation.curves()
      var curves = Dictionary(uniqueKeysWithValues: zip(present.map(\.symbol), byElement))
      curves["all"] = all
      return curves
    }
    try motion.requireSameSteps(runs.compactMap { $0["all"]?.time[1] })
    try motion.requireSameSteps(runs.compactMap { $0["all"]?.time.last })
    let wanted = (motion.elements.isEmpty ? elements : motion.elements).map(\.symbol) + ["all"]
    let reports = try wanted.map { name in
      let curves = runs.compactMap { $0[name] }
      guard curves.count == runs.count else {
        throw FormatError(
          file: motion.options.paths.joined(separator: ", "), expected: "atoms of \(name)",
          found: "none", advice: "choose other elements with --element")
      }
      return Report(curves)
    }
    let named = Dictionary(uniqueKeysWithValues: zip(wanted, reports))
    let lines = zip(wanted, reports).map { name, report in
      "\(name): spectrum highest at \(decimal(report.maximum, 0)) 1/cm\n"
    }
    try motion.options.publish(
      json: try StrictJSON.text(of: ["vacf": named]), text: lines.joined(),
      table: table(wanted, reports), figure: figure(wanted, reports))
  }

  private func table(_ names: [String], _ reports: [Report]) -> SeriesTable {
    var table = SeriesTable([
      "element", "time_fs", "vacf", "vacf_deviation", "wavenumber_per_cm", "spectrum_cm",
      "spectrum_deviation",
    ])
    for (name, report) in zip(names, reports) {
      for lag in report.time.indices {
        table.add(name, report.time[lag], report.vacf[lag], report.deviation?[lag], nil, nil, nil)
      }
      for index in report.wavenumber.indices {
        table.add(
          name, nil, nil, nil, report.wavenumber[index], report.spectrum[index],
          report.spectrumDeviation?[index])
      }
    }
    return table
  }

  private func figure(_ names: [String], _ reports: [Report]) -> Figure {
    var correlation: [Layer] = [Layer(.level(0), style: 6)]
    var spectrum: [Layer] = []
    for (index, (name, report)) in zip(names, reports).enumerated() {
      correlation += Layer.curve(
        x: report.time, y: report.vacf, deviation: report.deviation, name: name, style: index)
      spectrum += Layer.curve(
        x: report.wavenumber, y: report.spectrum, deviation: report.spectrumDeviation, name: name,
        style: index)
    }
    return Figure(
      "Velocity autocorrelation",
      [
        Panel(
          x: Axis(label: "time (fs)", startsAtZero: true),
          y: Axis(label: "⟨v(0)·v(t)⟩ / ⟨v²⟩"), layers: correlation),
        Panel(
          x: Axis(label: "wavenumber (cm⁻¹)", startsAtZero: true),
          y: Axis(label: "spectrum (cm)", startsAtZero: true), layers: spectrum),
      ])
  }
}
