/// The length of a run, and the intervals of evaluations, checkpoints, logs and kept models.
public struct TrainingPlan: Sendable, Equatable {
  /// The number of steps in all, those of earlier parts of a resumed run included.
  public var steps: Int
  /// Steps from one evaluation, and one row of the table of metrics, to the next.
  public var evaluateEvery: Int
  /// Steps from one checkpoint to the next.
  public var checkpointEvery: Int
  /// Steps from one log of the loss to the next.
  public var logEvery: Int
  /// Steps from one model that is kept for good to the next, the first weights' model being the first one;
  /// nil keeps none but the best and the last.
  public var keepEvery: Int?

  /// Makes a plan; without more, of twenty evaluations.
  public init(
    steps: Int, evaluateEvery: Int? = nil, checkpointEvery: Int? = nil, logEvery: Int? = nil,
    keepEvery: Int? = nil
  ) {
    let (evaluateEvery, logEvery) = (evaluateEvery ?? max(1, steps / 20), logEvery ?? 100)
    let checkpointEvery = checkpointEvery ?? max(1, steps / 4)
    self.steps = steps
    self.evaluateEvery = evaluateEvery
    self.checkpointEvery = checkpointEvery
    self.logEvery = logEvery
    self.keepEvery = keepEvery
  }
}
