/// The errors of the model on training and validation labels at one step of a run.
public struct Evaluation: Sendable {
  /// A value for each metric, or nil where there are no labels of a kind.
  public var metrics: [Double?]
  /// The validation loss that decides which model is best.
  public var loss: Double

  /// Makes an evaluation.
  public init(metrics: [Double?], loss: Double) {
    self.metrics = metrics
    self.loss = loss
  }
}

/// A model that a run saves.
public enum SavedModel: Sendable, Hashable {
  /// The one with the smallest validation loss so far, in place of the one before.
  case best
  /// The one of a checkpoint, in place of the one before.
  case last
  /// One that is kept for good, after so many steps.
  case kept(step: Int)
}

/// The functions that a run calls: to evaluate and save the model, for reports, and whether to go on.
public struct TrainingHooks {
  /// The names of the metrics.
  public var metricNames: [String]
  /// Evaluates the model as it is now.
  public var evaluate: () throws -> Evaluation
  /// Saves the model as it is now.
  public var saveModel: (SavedModel) throws -> Void
  /// Hears of each step.
  public var report: (TrainingReport) -> Void
  /// Whether the run should end after this step.
  public var isInterrupted: () -> Bool

  /// Makes hooks.
  public init(
    metricNames: [String], evaluate: @escaping () throws -> Evaluation,
    saveModel: @escaping (SavedModel) throws -> Void,
    report: @escaping (TrainingReport) -> Void, isInterrupted: @escaping () -> Bool
  ) {
    self.metricNames = metricNames
    self.evaluate = evaluate
    self.saveModel = saveModel
    self.report = report
    self.isInterrupted = isInterrupted
  }
}

/// The events of a run.
public enum TrainingReport {
  /// So many steps are done.
  case step(Int)
  /// The metrics after so many steps.
  case evaluation(step: Int, Evaluation, isBest: Bool)
  /// Something that the user should know.
  case warning(String)
}
