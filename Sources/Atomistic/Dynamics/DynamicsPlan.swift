import Tensors

/// The length of a trajectory, and the intervals of its files.
public struct DynamicsPlan: Hashable, Sendable, Codable {
  /// The number of steps in all, those of earlier parts of a resumed run included.
  public var steps: Int
  /// Steps from one frame of the trajectory to the next.
  public var frameEvery: Int
  /// Steps from one row of the log to the next.
  public var logEvery: Int
  /// Steps from one restart file to the next.
  public var restartEvery: Int

  /// Makes a plan.
  public init(steps: Int, frameEvery: Int = 100, logEvery: Int = 10, restartEvery: Int = 1000) {
    ensure(
      steps >= 0 && frameEvery > 0 && logEvery > 0 && restartEvery > 0,
      "DynamicsPlan: steps must not be negative, and all else must be at least 1")
    (self.steps, self.frameEvery) = (steps, frameEvery)
    (self.logEvery, self.restartEvery) = (logEvery, restartEvery)
  }

  /// Decodes a plan.
  ///
  /// Throws `DecodingError` for a negative number of steps and an interval below 1.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func number(_ key: CodingKeys, from least: Int) throws -> Int {
      let number = try container.decode(Int.self, forKey: key)
      try container.require(
        number >= least, key, "it must be at least \(least), but is \(number).")
      return number
    }
    self.init(
      steps: try number(.steps, from: 0), frameEvery: try number(.frameEvery, from: 1),
      logEvery: try number(.logEvery, from: 1), restartEvery: try number(.restartEvery, from: 1))
  }
}
