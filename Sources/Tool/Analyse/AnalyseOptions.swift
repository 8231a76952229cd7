import Atomistic
import Foundation

/// What all commands that analyse trajectories are told: which frames, and where results go.
struct AnalyseOptions {
  static let trajectories = Positional<String>("TRAJ", .several, help: "Files of structures.")
  static let from = Option<Double>(
    "from", "FRACTION", help: "Leave out this first part of each trajectory (default: 0.5).")
  static let timestep = Option<Double>(
    "timestep", "FS", help: "The time between frames; by default from time= in the headers.")

  /// All but the time between frames, to be listed among a command's parameters.
  static let parameters: [any Parameter] =
    [trajectories] + ResultOptions.parameters + [from] + StructureOptions.parameters

  let results: ResultOptions
  let from: Double
  let structures: StructureOptions

  /// Takes the values; without `--from`, frames begin at `start`.
  init(_ arguments: Arguments, from start: Double = 0.5) throws(UsageError) {
    results = try ResultOptions(arguments, inputs: arguments.all(Self.trajectories))
    from = arguments[Self.from] ?? start
    structures = try StructureOptions(arguments)
    guard (0..<1).contains(from) else {
      throw .rule("--from should be at least 0 and less than 1, but is \(from).")
    }
  }

  /// The files of the trajectories.
  var paths: [String] { results.inputs }

  /// Names of the trajectories for a legend.
  var labels: [String] { results.labels }

  /// The time between frames as given, or nil.
  static func interval(_ arguments: Arguments) throws(UsageError) -> Double? {
    guard let interval = arguments[timestep] else { return nil }
    guard interval > 0 else { throw .rule("--timestep should be above 0, but is \(interval).") }
    return interval
  }

  /// Analyses each trajectory in turn, its frames one by one, and says what was passed over; a file
  /// that is read frame by frame tells this of its first frame.
  func forEachTrajectory<Result>(
    labels: LabelKinds = [], velocities: Bool = false, in tool: Tool,
    _ body: (Trajectory, Range<Int>) throws -> Result
  ) throws -> [Result] {
    try results.checkFiles()
    return try paths.map { path in
      let trajectory = try Trajectory(
        path, options: structures.reading(labels, velocities: velocities))
      let isPart = trajectory.inventory.structures < trajectory.count
      tool.note(on: trajectory.inventory, of: isPart ? "\(path), first frame" : path)
      return try body(trajectory, trajectory.frames(from: from))
    }
  }

  /// Writes text, or JSON, and the files that were asked for.
  func publish(
    json: @autoclosure () throws -> String, text: @autoclosure () -> String,
    table: @autoclosure () -> SeriesTable, figure: @autoclosure () -> Figure
  ) throws {
    try results.publish(json: try json(), text: text(), table: table(), figure: figure())
  }
}
