/// What a schedule keeps from one step to the next, as checkpoints do.
public struct LabelSelection: Codable, Equatable, Sendable {
  /// How many labels of a kind were drawn so far, and what became of them.
  public struct Count: Codable, Equatable, Sendable {
    /// Labels that were looked at.
    public var visited = 0
    /// Labels that were looked at and left out.
    public var skipped = 0
    /// Labels that steps have taken, each time counted.
    public var used = 0
  }

  /// What is kept for one kind of label.
  struct Kind: Codable, Equatable, Sendable {
    var count = Count()
    /// The root mean squared error at the start of the epoch.
    var error = 0.0
    /// The factor of that error which labels have to exceed.
    var threshold = 0.0
    /// The labels used in this epoch.
    var usedInEpoch = 0
    /// The place of the next candidate in the epoch's order.
    var cursor = 0
    /// The steps of this kind that the epoch still has.
    var stepsLeft = 0
    /// The labels collected for the next step.
    var group: [Int] = []
    /// The epoch's order where errors decide it.
    var order: [Int]?
  }

  /// The labels of a step that is settled.
  struct Batch: Codable, Equatable, Sendable {
    var kind: Int
    var labels: [Int]
  }

  /// The number of epochs begun.
  var epoch = 0
  /// The place in the epoch's order of structures.
  var structure = 0
  /// The number of the kind that is visited there.
  var kind = 0
  /// The number of its labels visited there.
  var visited = 0
  /// The kinds of label.
  var kinds: [Kind] = []
  /// The steps that come next.
  var next: [Batch] = []

  /// Before the first step.
  public init() {}

  /// The counts of each kind of label; empty before the first step, and of schedules that draw blindly.
  public var counts: [Count] { kinds.map(\.count) }
}
