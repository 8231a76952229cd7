public import Foundation

/// All that a run of the suite found out, and on which machine.
public struct Report: Codable, Hashable, Sendable {
  /// The version of AtomFlow.
  public var version: String
  /// The time of the run, such as `2026-01-31T12:00:00Z`.
  public var date: String
  /// The machine.
  public var machine: Machine
  /// One measurement for each case, in the order they were run.
  public var measurements: [BenchmarkResult]
  /// The times of an older report beside these, where one was given.
  public var comparison: [Ratio]?

  /// One case in two reports.
  public struct Ratio: Codable, Hashable, Sendable {
    /// The name of the case.
    public var name: String
    /// The older median in seconds.
    public var old: Double
    /// The newer median in seconds.
    public var new: Double
    /// How many times faster it has become, `old / new`.
    public var ratio: Double
  }

  /// Makes a report.
  public init(
    version: String, date: Date = Date(), machine: Machine, measurements: [BenchmarkResult] = []
  ) {
    self.version = version
    self.date = date.formatted(.iso8601)
    self.machine = machine
    self.measurements = measurements
  }

  /// The cases that both reports hold, in the order of this one.
  public func ratios(to old: Report) -> [Ratio] {
    let times = Dictionary(
      old.measurements.map { ($0.name, $0.time.median) }, uniquingKeysWith: { $1 })
    return measurements.compactMap { measurement in
      guard let old = times[measurement.name] else { return nil }
      let new = measurement.time.median
      return Ratio(name: measurement.name, old: old, new: new, ratio: old / new)
    }
  }
}
