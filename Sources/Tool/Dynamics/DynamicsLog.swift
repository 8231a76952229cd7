import Atomistic
import Foundation
import Train

/// The log of a trajectory: comma-separated values that say their units.
final class DynamicsLog {
  static let columns = [
    "time [fs]", "temperature [K]", "pressure [bar]", "volume [angstrom^3]", "density [g/mL]",
    "potential energy [eV]", "kinetic energy [eV]", "total energy [eV]", "conserved energy [eV]",
    "extrapolations", "rate [atom*step/second]",
  ]

  private let writer: MetricsWriter
  /// A sentence on rows that are missing.
  let warning: String?

  init(creating file: URL) throws {
    writer = try MetricsWriter(creating: file, columns: Self.columns)
    warning = nil
  }

  /// Goes on with the log of a restart; one that is not there is begun anew.
  init(resuming file: URL, _ restart: DynamicsRestart) throws {
    // Before the first frame there was no row, either.
    let step = restart.trajectory.byteCount > 0 ? restart.step : -1
    let isThere = FileManager.default.fileExists(atPath: file.path)
    writer =
      isThere
      ? try MetricsWriter(resuming: file, columns: Self.columns, afterStep: step)
      : try MetricsWriter(creating: file, columns: Self.columns)
    let rows = step < 0 ? 0 : step / restart.plan.logEvery + 1
    warning =
      writer.rowCount == rows
      ? nil
      : "\(file.path) has \(writer.rowCount) rows up to step \(restart.step), but should have \(rows): "
        + "its means leave out the others"
  }

  func append(_ sample: DynamicsSample, _ extrapolations: Int?, _ rate: Double) throws {
    try writer.append(
      step: sample.step,
      [
        sample.time, sample.temperature, sample.pressure, sample.volume, sample.density,
        sample.potentialEnergy, sample.kineticEnergy, sample.totalEnergy, sample.conservedEnergy,
        extrapolations.map(Double.init), rate.rounded(),
      ])
  }

  /// The means over the last half of a log with errors by block averages, and the drift of the conserved energy over all of it.
  static func summary(of file: URL, atoms: Int) throws -> String {
    let table = try MetricsTable(contentsOf: file)
    func values(_ name: String, from first: Int = 0) -> [Double] {
      guard let column = table.columns.firstIndex(of: name) else { return [] }
      return table.rows[first...].compactMap { $0.values[column] }
    }
    func mean(_ name: String, digits: Int, _ unit: String) -> String? {
      let values = values(name, from: table.rows.count / 2)
      guard !values.isEmpty else { return nil }
      return "\(Estimate(correlated: values).text(digits)) \(unit)"
    }
    let means = [
      mean("temperature [K]", digits: 1, "K"), mean("pressure [bar]", digits: 0, "bar"),
      mean("density [g/mL]", digits: 4, "g/mL"),
    ].compactMap { $0 }
    var text = "means of the last half: \(means.joined(separator: ", "))\n"
    let (times, energies) = (values("time [fs]"), values("conserved energy [eV]"))
    if let slope = slope(of: energies, by: times) {
      text += String(
        format: "drift of the conserved energy: %.2g eV/atom/ps\n", slope * 1000 / Double(atoms))
    }
    return text
  }

  /// The slope of the straight line nearest to points.
  private static func slope(of y: [Double], by x: [Double]) -> Double? {
    guard x.count > 2, x.count == y.count else { return nil }
    let count = Double(x.count)
    let (meanX, meanY) = (x.reduce(0, +) / count, y.reduce(0, +) / count)
    let square = x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
    let product = zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
    return square > 0 ? product / square : nil
  }
}
