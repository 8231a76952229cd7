public import Atomistic

extension Element: ArgumentValue {
  /// Reads a word; nil where it does not fit.
  public init?(argument: String) { self.init(symbol: argument) }

  /// The requirement on a word.
  public static var expectation: String { "the symbol of an element" }
}

/// The options of commands that look at the motion of atoms.
struct MotionOptions {
  static let element = Option<Element>(
    "element", "SYMBOL", .repeated, help: "The elements; else all there are.")
  static let lag = Option<Double>("lag", "FS", help: "The longest lag.")
  static let parameters: [any Parameter] =
    AnalyseOptions.parameters + [AnalyseOptions.timestep, element, lag]

  let options: AnalyseOptions
  let elements: [Element]
  let lag, interval: Double?

  init(_ arguments: Arguments) throws(UsageError) {
    options = try AnalyseOptions(arguments)
    elements = Array(Set(arguments.all(Self.element))).sorted(by: >)
    lag = arguments[Self.lag]
    interval = try AnalyseOptions.interval(arguments)
    if let lag, lag <= 0 { throw .rule("--lag should be above 0, but is \(lag).") }
  }

  /// A trajectory's clock, elements and frames at even steps, once it has enough of them.
  func start(
    _ trajectory: Trajectory, _ frames: Range<Int>, in tool: Tool
  ) throws -> (FrameClock, [Element], Range<Int>) {
    try requireEnough(frames, of: trajectory)
    var present: [Element] = []
    try trajectory.forEach(in: frames.prefix(1)) { present = $0.composition.keys.sorted(by: >) }
    let clock = try FrameClock(of: trajectory, in: frames, interval: interval)
    guard try clock.endsEarly(trajectory, in: frames) else { return (clock, present, frames) }
    tool.warn(
      "\(trajectory.path): the last frame comes sooner than the others, as where a run ends early, and is "
        + "left out.")
    let even = frames.dropLast()
    try requireEnough(even, of: trajectory)
    return (clock, present, even)
  }

  private func requireEnough(
    _ frames: Range<Int>, of trajectory: Trajectory
  ) throws(FormatError) {
    guard frames.count < 4 else { return }
    throw FormatError(
      file: trajectory.path, expected: "four frames or more to analyse",
      found: "\(frames.count) of \(trajectory.count)", advice: "begin earlier with --from")
  }

  /// Refuses curves that are sampled at different times.
  func requireSameSteps(_ steps: [Double]) throws {
    guard let first = steps.first,
      let other = steps.first(where: { abs($0 - first) > 1e-3 * first })
    else { return }
    throw FormatError(
      file: options.paths.joined(separator: ", "), key: FrameClock.key,
      expected: "the same time between frames everywhere", found: "\(first) fs and \(other) fs",
      advice: "analyse them one by one")
  }
}
