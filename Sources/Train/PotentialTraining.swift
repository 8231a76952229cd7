public import Atomistic
import Foundation
public import Graph
public import Tensors

/// The training of a potential on labelled structures, from the first weights to a model directory.
///
///     let data = try TrainingData(structures, seed: 1)
///     let potential = try MessagePassing(.init(), data.structuresToTrain(workers: workers))
///     let training = try PotentialTraining<Float>(
///       potential, data, optimizer: ExtendedKalmanFilter(), seed: 1, workers: workers)
///     _ = try training.run(TrainingPlan(steps: 1000), in: ModelDirectory("model").lock())
public final class PotentialTraining<Scalar: RealScalar> {
  /// The potential that is trained.
  public let potential: any TrainablePotential
  /// The labels.
  public let labels: StructureLabels<Scalar>
  /// The weights and the steps.
  public let trainer: Trainer<StructureLabels<Scalar>>
  /// The errors on training and validation structures.
  public let evaluator: LabelEvaluator

  private let seed: UInt64
  private let data: DataDigest

  /// Makes labels and compiles the steps.
  ///
  /// - Parameters:
  ///   - potential: The potential.
  ///   - data: The structures.
  ///   - terms: The terms of the loss.
  ///   - schedule: Which labels a step takes.
  ///   - optimizer: The rewrite of errors into new weights.
  ///   - frozen: Patterns of the names of variables that keep their first values.
  ///   - weightDecay: The strength of weight decay, see `Objective.withWeightDecay`.
  ///   - weightAverage: The factor d of a running mean of the weights, `a ← d a + (1 - d) w`, with which
  ///     models are evaluated and saved; nil for the last weights.
  ///   - budget: How much memory and disk space features may take.
  ///   - seed: The seed of the first weights and of the labels that steps take.
  ///   - workers: The threads that share the work.
  ///   - progress: Called with the number of structures whose features are computed, from any thread.
  /// - Throws: A `LabelError` where the potential does not fit the structures, and
  ///   `VariablePatternError` if a pattern fits no variable, `TrainingFailure` where the weights and the
  ///   optimizer's memory are more than the machine's.
  public init(
    _ potential: any TrainablePotential, _ data: TrainingData,
    terms: [LossTerm] = [LossTerm(.energy), LossTerm(.force)],
    schedule: any BatchSchedule = RandomLabels(), optimizer: some Optimizer,
    frozen: [VariablePattern] = [], weightDecay: Double = 0, weightAverage: Double? = nil,
    budget: FeatureBudget = FeatureBudget(), seed: UInt64, workers: Workers,
    progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) throws {
    self.potential = potential
    self.seed = seed
    self.data = data.digest
    // Known before features are computed, which may take long.
    try Trainer<StructureLabels<Scalar>>.requireMemory(for: potential.variables)
    labels = try StructureLabels(
      data, potential, terms: terms, schedule: schedule, budget: budget, workers: workers,
      progress: progress)
    trainer = try Trainer(
      labels, variables: potential.variables, optimizer: optimizer, seed: seed, frozen: frozen,
      weightDecay: weightDecay, weightAverage: weightAverage, workers: workers)
    evaluator = labels.evaluator(trainer.modelState, workers: workers)
  }

  /// The potential with the weights as the last evaluation or checkpoint has left them, see
  /// `Trainer.modelState`.
  public var model: TrainedModel {
    var model = TrainedModel(potential, state: trainer.modelState, seed: seed)
    model.trainingData = data.text
    return model
  }

  /// The number of weights by layer.
  public var parameters: ParameterSummary { ParameterSummary(potential.variables) }

  /// Takes first weights from another model, by name; variables of another shape or without a
  /// counterpart are left as they are.
  ///
  /// - Returns: The names that were taken and those that were not.
  public func takeWeights(of model: TrainedModel) throws -> LoadedWeights {
    try trainer.state.load(model.weights, into: potential.variables, strict: false)
  }

  /// Trains in a model directory: the best model, the last one in `last`, checkpoints, metrics and
  /// event files.
  ///
  /// - Parameters:
  ///   - plan: How long the run is.
  ///   - lock: The model directory, which no other process works in as long as the run lasts.
  ///   - resumes: Whether to go on from the directory's checkpoint, bit for bit.
  ///   - acceptsChangedData: Whether a resumed run may have other data than before; the smallest
  ///     validation loss is then looked for anew.
  ///   - configuration: A text that checkpoints keep, see `RunRecord`.
  ///   - diagnostics: Further numbers that are written with each evaluation.
  ///   - opened: Called when it is known that a checkpoint, if there is one, belongs to this training.
  ///   - report: Hears how the run goes on.
  ///   - isInterrupted: Whether the run should end after this step.
  /// - Returns: Whether the plan is done; false if the run was interrupted.
  /// - Throws: `TrainingFailure` if the weights stop being numbers or the data of a resumed run have
  ///   changed, and what files cannot be written.
  public func run(
    _ plan: TrainingPlan, in lock: DirectoryLock, resumes: Bool = false,
    acceptsChangedData: Bool = false, configuration: String? = nil,
    diagnostics: [any TrainingDiagnostic] = [WeightHistograms()], opened: () throws -> Void = {},
    report: @escaping (TrainingReport) -> Void = { _ in },
    isInterrupted: @escaping () -> Bool = { false }
  ) throws -> Bool {
    let directory = lock.directory
    let hooks = TrainingHooks(
      metricNames: evaluator.metricNames, evaluate: { self.evaluator.evaluate() },
      saveModel: { try self.model.save(to: directory.folder(of: $0)) },
      report: report, isInterrupted: isInterrupted)
    var change: DataDigest.Change?
    if resumes {
      change = try Checkpoint.record(in: directory.checkpoint).change(to: data)
      if let change, !acceptsChangedData {
        throw TrainingFailure("the data \(change) since the run was started; put them back")
      }
    }
    let run = try TrainingRun(
      trainer, plan: plan, directory: directory.url, resumes: resumes, hooks: hooks,
      diagnostics: diagnostics, record: RunRecord(configuration: configuration, data: data),
      forgetsBest: change != nil)
    try opened()
    return try run.run()
  }
}
