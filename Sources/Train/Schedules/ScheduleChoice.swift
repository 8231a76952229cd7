import Atomistic

/// A batch schedule as configurations choose it, by its kind: `{ randomLabels: { energy: 1 } }`.
///
/// Decoding looks for the kind in the list that the decoder's `userInfo` holds under
/// `CodingUserInfoKey.schedules`, or else in that of this library.
public struct ScheduleChoice: Codable, Equatable, Sendable {
  /// The schedule with its options.
  public var schedule: any BatchSchedule

  /// Chooses a schedule.
  public init(_ schedule: any BatchSchedule) { self.schedule = schedule }

  /// The schedules of this library.
  public static let standard: [any BatchSchedule.Type] = [
    RandomLabels.self, WholeStructures.self, RunnerSchedule.self, N2P2Schedule.self,
  ]

  /// The name of the schedule.
  public var kind: String { type(of: schedule).kind }

  /// Decodes an object of one key.
  ///
  /// Throws `DecodingError` for a name that is not among the known ones, and what the schedule itself
  /// refuses.
  public init(from decoder: any Decoder) throws {
    let known = decoder.userInfo[.schedules] as? [any BatchSchedule.Type] ?? Self.standard
    let key = try decoder.choice(
      among: known.map { $0.kind },
      advice: "A schedule of another package is a type that conforms to BatchSchedule; it is found "
        + "when it is in the catalogue of the tool.")
    // The list has a type of this name: `choice` throws for any other.
    let type: any BatchSchedule.Type = known.first { $0.kind == key.stringValue }!
    schedule = try decoder.container(keyedBy: NamedKey.self).decode(type, forKey: key)
  }

  /// Encodes what the decoder reads.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: NamedKey.self)
    try container.encode(schedule, forKey: NamedKey(kind))
  }

  /// Whether both are of one kind with equal options.
  public static func == (first: Self, second: Self) -> Bool {
    first.schedule.isEqual(to: second.schedule)
  }
}

extension BatchSchedule {
  fileprivate func isEqual(to other: any BatchSchedule) -> Bool { other as? Self == self }
}

extension CodingUserInfoKey {
  /// The `[any BatchSchedule.Type]` in which a decoder finds schedules.
  public static let schedules = CodingUserInfoKey(rawValue: "atomflow.schedules")!
}

/// The keys that schedules which look at errors have in common.
extension KeyedDecodingContainer {
  /// Decodes the choices of labels by the name of their property; there is at least one.
  func decodeChoices<Choice: Decodable>(
    _ key: Key, default choices: [String: Choice]
  ) throws -> [String: Choice] {
    let choices = try decode(key, default: choices)
    try require(!choices.isEmpty, key, "at least one property should give labels.")
    return choices
  }

  /// Decodes a share x of all labels, `0 < x ≤ 1`.
  func decodeShare(_ key: Key, default share: Double) throws -> Double {
    let share = try decode(key, default: share)
    try require(share > 0 && share <= 1, key, "it must be above 0 and at most 1, but is \(share).")
    return share
  }

  /// Decodes a threshold, in root mean squared errors of a kind of label, that is not negative.
  func decodeThreshold(_ key: Key, default threshold: Double) throws -> Double {
    let threshold = try decode(key, default: threshold)
    try requireNotNegative(threshold, key)
    return threshold
  }
}
