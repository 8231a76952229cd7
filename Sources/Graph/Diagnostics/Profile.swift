public import Foundation
import Tensors

/// The times of a program's operations, measured over some runs.
///
/// A program compiled as training compiles it works on rows block by block and on some operations
/// side by side; each such phase has one time. With `Program.Options(interleaves: false)` every
/// operation has a time of its own, and the program as a whole takes longer.
public struct Profile: Sendable, CustomStringConvertible {
  /// One phase of the program: an operation, or several that run together.
  public struct Entry: Sendable, Hashable {
    /// The names of the operations, in their order.
    public let operations: [String]
    /// The last result of the phase, as the printed program names it.
    public let result: String
    /// The type of that result.
    public let type: TensorType
    /// The mean time in seconds.
    public let seconds: Double
    /// The time in seconds from the start of the last run to the start of this phase.
    public let lastStart: Double
    /// The time in seconds that the phase took in the last run.
    public let lastSeconds: Double
  }

  /// The phases in the order they run.
  public let entries: [Entry]

  /// The number of runs that were measured.
  public let runs: Int

  /// Runs a session some times, once more before without measuring.
  ///
  /// The runs are real: they apply the program's updates, so the profile of a training step trains.
  ///
  /// Throws `FeedError` if the feed does not fit.
  public init<Scalar>(
    of session: Session<Scalar>, _ feed: Feed<Scalar>, runs: Int = 10
  ) throws(FeedError) {
    try session.run(feed)
    let program = session.program
    let clock = ContinuousClock()
    var sums = program.phases.map { _ in 0.0 }
    var last = program.phases.map { _ in (start: 0.0, seconds: 0.0) }
    for _ in 0..<runs {
      let start = clock.now
      try session.begin(feed)
      for unit in program.phases.indices {
        let before = clock.now
        session.runUnit(unit)
        let seconds = before.duration(to: clock.now) / .seconds(1)
        last[unit] = (start.duration(to: before) / .seconds(1), seconds)
        sums[unit] += seconds
      }
      session.applyUpdates()
    }
    let names = program.names
    entries = program.phases.enumerated().map { unit, phase in
      let instructions = phase.tasks.flatMap { program.instructions[$0.instructions] }
      let result = instructions[instructions.count - 1].result
      return Entry(
        operations: instructions.map(\.kernel.name), result: names[result],
        type: program.values[result].type, seconds: sums[unit] / Double(max(1, runs)),
        lastStart: last[unit].start, lastSeconds: last[unit].seconds)
    }
    self.runs = runs
  }

  /// The mean time of all phases in seconds.
  public var seconds: Double { entries.reduce(0) { $0 + $1.seconds } }

  /// A table, the longest time first: microseconds, share, operations, result.
  public var description: String {
    let sorted = entries.sorted { $0.seconds > $1.seconds }
    return TextTable(
      ["operation", "µs", "share", "result"],
      sorted.map {
        [
          $0.operations.joined(separator: ", "), String(format: "%.1f", 1e6 * $0.seconds),
          String(format: "%.1f %%", 100 * $0.seconds / max(seconds, .leastNormalMagnitude)),
          "\($0.result): \($0.type)",
        ]
      }
    ).description
  }

  /// The last run as a trace file for Perfetto and Chrome: JSON with one complete event for each
  /// phase, times in microseconds.
  public var trace: Data {
    let events = entries.map {
      Trace.Event(
        name: $0.operations.joined(separator: ", "), ts: 1e6 * $0.lastStart,
        dur: 1e6 * $0.lastSeconds,
        args: ["result": $0.result, "type": "\($0.type)"])
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(Trace(traceEvents: events)) else {
      trap("Profile: times are finite and can always be written as JSON")
    }
    return data
  }
}

/// Source: "Trace Event Format", Google 2016, complete events.
private struct Trace: Encodable {
  struct Event: Encodable {
    var name: String
    var cat = "operation"
    var ph = "X"
    var ts: Double
    var dur: Double
    var pid = 1
    var tid = 1
    var args: [String: String]
  }

  var traceEvents: [Event]
}
