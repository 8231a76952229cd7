import Atomistic
import Foundation

/// What all commands that analyse trajectories are told: which frames, and where results go.
struct AnalyseOptions {
  static let trajectories = Positional<String>("TRAJ", .several, help: "Files of structures.")
  static let json = Flag("json", help: "Print JSON instead of text.")
  static let csv = Option<String>(
    "csv", "FILE", help: "Write the numbers as comma-separated values.")
  static let svg = Option<String>("svg", "FILE", help: "Draw a figure for a browser.")
  static let from = Option<Double>(
    "from", "FRACTION", help: "Leave out this first part of each trajectory (default: 0.5).")
  static let timestep = Option<Double>(
    "timestep", "FS", help: "The time between frames; else time= in the headers tells it.")

  /// All but the time between frames, to be listed among a command's parameters.
  static let parameters: [any Parameter] =
    [trajectories, json, csv, svg, from] + StructureOptions.parameters

  let paths: [String]
  let printsJSON: Bool
  let csv, svg: String?
  let from: Double
  let structures: StructureOptions

  /// Takes the values; without `--from`, frames begin at `start`.
  init(_ arguments: Arguments, from start: Double = 0.5) throws(UsageError) {
    paths = arguments.all(Self.trajectories)
    printsJSON = arguments[Self.json]
    csv = arguments[Self.csv]
    svg = arguments[Self.svg]
    from = arguments[Self.from] ?? start
    structures = try StructureOptions(arguments)
    guard (0..<1).contains(from) else {
      throw .rule("--from should be at least 0 and less than 1, but is \(from).")
    }
    let inputs = Set(paths.map(Self.standardized))
    let outputs = [csv, svg].compactMap { $0.map(Self.standardized) }
    guard inputs.isDisjoint(with: outputs), Set(outputs).count == outputs.count else {
      throw .rule("--csv and --svg should name files of their own, and none of the trajectories.")
    }
  }

  /// Names of the trajectories for a legend: those of the files, or paths where these are the same.
  var labels: [String] {
    let names = paths.map { URL(fileURLWithPath: $0).lastPathComponent }
    return Set(names).count == names.count ? names : paths
  }

  private static func standardized(_ path: String) -> String {
    URL(fileURLWithPath: path).standardizedFileURL.path
  }

  /// The time between frames as given, or nil.
  static func interval(_ arguments: Arguments) throws(UsageError) -> Double? {
    guard let interval = arguments[timestep] else { return nil }
    guard interval > 0 else { throw .rule("--timestep should be above 0, but is \(interval).") }
    return interval
  }

  /// Analyses each trajectory in turn, its frames one by one.
  func forEachTrajectory<Result>(
    _ body: (Trajectory, Range<Int>) throws -> Result
  ) throws -> [Result] {
    for path in [csv, svg].compactMap({ $0 }) { try OutputPlace.checkFolder(of: path) }
    return try paths.map { path in
      let trajectory = try Trajectory(path, options: structures.options)
      return try body(trajectory, trajectory.frames(from: from))
    }
  }

  /// Writes text, or JSON, and the files that were asked for.
  func publish(
    json: @autoclosure () throws -> String, text: @autoclosure () -> String,
    table: @autoclosure () -> SeriesTable, figure: @autoclosure () -> Figure
  ) throws {
    if let csv { try Self.write(table().text, to: csv) }
    if let svg { try Self.write(figure().svg, to: svg) }
    StandardStreams.output(printsJSON ? try json() : text())
  }

  private static func write(_ text: String, to path: String) throws {
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw FormatError(
        file: path, expected: "a path that can be written to", found: error.localizedDescription)
    }
  }
}
