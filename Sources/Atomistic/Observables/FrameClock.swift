import Tensors

/// The time between the frames of a trajectory, as its headers or the user say.
public struct FrameClock: Sendable {
  /// The header entry with the time of a frame in fs.
  public static let key = "time"

  /// The time between two frames in fs.
  public let interval: Double

  private let isGiven: Bool
  private var last: Double?

  /// The largest relative difference between intervals.
  private static let tolerance = 1e-3

  /// Takes the interval from the user, or from the first two of the frames.
  ///
  /// - Throws: A `FormatError` where neither is there.
  public init(
    of trajectory: Trajectory, in frames: Range<Int>, interval: Double?
  ) throws(FormatError) {
    if let interval {
      ensure(interval > 0, "FrameClock: the interval has to be positive, not \(interval)")
      (self.interval, isGiven) = (interval, true)
      return
    }
    guard frames.count > 1 else {
      throw FormatError(
        file: trajectory.path, expected: "two frames or more to analyse",
        found: "\(frames.count) of \(trajectory.count)")
    }
    var times: [Double] = []
    try trajectory.forEach(in: frames.prefix(2)) { frame throws(FrameFault) in
      times.append(try Self.time(of: frame))
    }
    guard times[1] > times[0] else {
      throw FormatError(
        file: trajectory.path, key: Self.key, expected: "times that increase",
        found: "\(times[1]) after \(times[0])", advice: "give the time between frames instead")
    }
    (self.interval, isGiven) = (times[1] - times[0], false)
  }

  /// Makes sure that a frame is as long after the one before as the others are.
  public mutating func check(_ frame: Structure) throws(FrameFault) {
    guard !isGiven else { return }
    let time = try Self.time(of: frame)
    if let last, abs(time - last - interval) > Self.tolerance * interval {
      throw FrameFault(
        expected: "a time \(interval) fs after the frame before, at \(last) fs",
        found: "\(time) fs",
        advice: "analyse a part with even steps, or give the time between frames")
    }
    last = time
  }

  /// Whether the last frame comes sooner after the one before than the others do: a run that ends early
  /// writes its last good frame, wherever that is.
  ///
  /// - Throws: A `FormatError` where a frame cannot be read or has no time.
  public func endsEarly(
    _ trajectory: Trajectory, in frames: Range<Int>
  ) throws(FormatError) -> Bool {
    guard !isGiven, frames.count > 2 else { return false }
    var times: [Double] = []
    try trajectory.forEach(in: frames.suffix(2)) { frame throws(FrameFault) in
      times.append(try Self.time(of: frame))
    }
    return times[0] < times[1] && times[1] < times[0] + (1 - Self.tolerance) * interval
  }

  private static func time(of frame: Structure) throws(FrameFault) -> Double {
    let entry = frame.info[key] ?? frame.info.first { $0.key.lowercased() == key }?.value
    guard let entry, let time = DecimalNumber.double(entry) else {
      throw FrameFault(
        expected: "\(key)=, the time in fs, in the header",
        found: entry.map { TextLines.quoted($0) } ?? "none",
        advice: "give the time between frames with --timestep")
    }
    return time
  }
}
