public import Foundation
import Graph
import Tensors

/// Why training cannot go on.
public struct TrainingFailure: Error, Equatable, CustomStringConvertible {
  /// The sentence.
  public let description: String

  /// Makes a failure of a sentence.
  public init(_ description: String) { self.description = description }
}

/// A run in a model directory: steps, metrics, event files, checkpoints, best and last model.
public final class TrainingRun<Source: LabelSource> {
  private let trainer: Trainer<Source>
  private let plan: TrainingPlan
  private let hooks: TrainingHooks
  private let checkpoints: URL
  private let metrics: MetricsWriter
  private let wildLabels: URL
  private let events: EventFileWriter
  private var record: RunRecord
  private let diagnostics: [any TrainingDiagnostic]
  private let initialParameters: [Source.Scalar]
  /// What the alarms of monitors that warn have seen with each log, by the monitors' names.
  private var warnings: [String: [Monitor.Watch]] = [:]
  private var vitalSigns: VitalSigns

  /// Opens the files of a run in a directory, which is made if it is missing; a resumed run goes on from its
  /// checkpoint bit for bit.
  ///
  /// - Parameters:
  ///   - trainer: What takes the steps; its state holds the weights before the first step.
  ///   - plan: How long the run is.
  ///   - directory: The directory of the run.
  ///   - resumes: Whether a checkpoint in the directory replaces the state of the trainer.
  ///   - hooks: The functions that evaluate and save the model.
  ///   - diagnostics: Further numbers that are written with each evaluation.
  ///   - record: What the run is started with, for its checkpoints.
  ///   - forgetsBest: Whether a resumed run looks for the smallest validation loss anew, as it must when
  ///     the data have changed.
  /// - Throws: An error if the directory cannot be written, or the checkpoint does not belong to this
  ///   run.
  public init(
    _ trainer: Trainer<Source>, plan: TrainingPlan, directory: URL, resumes: Bool,
    hooks: TrainingHooks, diagnostics: [any TrainingDiagnostic] = [WeightHistograms()],
    record: RunRecord = RunRecord(), forgetsBest: Bool = false
  ) throws {
    self.record = record
    self.trainer = trainer
    vitalSigns = VitalSigns(trainer.monitorsOfKinds)
    self.plan = plan
    self.hooks = hooks
    self.diagnostics = diagnostics
    var first = Array(trainer.state.parameters.elements)
    let columns = hooks.metricNames + trainer.countNames + diagnostics.flatMap(\.names)
    checkpoints = ModelDirectory(directory).checkpoint
    let table = ModelDirectory(directory).metrics
    wildLabels = ModelDirectory(directory).wildLabels
    if resumes {
      trainer.position = try Checkpoint.read(trainer.state, from: checkpoints)
      let step = trainer.position.step
      let former = try Checkpoint.record(in: checkpoints)
      self.record.wildLabels = former.wildLabels
      if let written = former.firstWeights, written.count == first.count {
        first = written.map(Source.Scalar.init)
      }
      if forgetsBest { trainer.position.best = nil }
      if FileManager.default.fileExists(atPath: table.path) {
        metrics = try MetricsWriter(resuming: table, columns: columns, afterStep: step)
      } else {
        metrics = try MetricsWriter(creating: table, columns: columns)
      }
      if let rows = former.rows, rows != metrics.rowCount {
        hooks.report(
          .warning(
            "\(table.path) has \(metrics.rowCount) rows up to step \(step), but had \(rows) when the "
              + "checkpoint was written: the curves have a gap"))
      }
      events = try EventFileWriter(directory: directory, resumingAfter: step)
    } else {
      do { try Folder.make(directory.path) } catch { throw TrainingFailure("\(error)") }
      metrics = try MetricsWriter(creating: table, columns: columns)
      events = try EventFileWriter(directory: directory)
      // TensorBoard shows one graph; that of the last kind, forces, holds most.
      try events.addGraph(nodes: trainer.programs[trainer.programs.count - 1].eventGraph)
    }
    initialParameters = first
    self.record.firstWeights = first.map(Double.init)
  }

  /// Trains until the plan is done; returns false if it was interrupted.
  ///
  /// There is a checkpoint from the start on. Throws `TrainingFailure` if the parameters stop being
  /// numbers, or an optimizer's alarm ends the run; the last checkpoint and the best model are kept.
  public func run() throws -> Bool {
    defer { repeatWarnings() }
    if trainer.position.step == 0, metrics.lastStep == nil {
      try evaluate()
      try keep()
      try save()
    }
    while trainer.position.step < plan.steps {
      try trainer.advance()
      guard trainer.weightsAreFinite else { throw failure("the weights") }
      try requireLife()
      trainer.addWildLabels(to: &record.wildLabels)
      let step = trainer.position.step
      let isLast = step == plan.steps
      hooks.report(.step(step))
      if step % plan.logEvery == 0 || isLast { try log() }
      if step % plan.evaluateEvery == 0 || isLast { try evaluate() }
      try keep()
      let isInterrupted = hooks.isInterrupted()
      if step % plan.checkpointEvery == 0 || isLast || isInterrupted { try save() }
      if isInterrupted && !isLast { return false }
    }
    try events.flush()
    return true
  }

  /// Why the run ends where something is no number after the last step.
  private func failure(_ subject: String) -> TrainingFailure {
    TrainingFailure(
      "\(subject) are no numbers any more after step \(trainer.position.step); lower the "
        + "learning rate, and resume from the checkpoint or start again"
        + (trainer.nonFiniteValue.map { "\nthe first value at fault: \($0)" } ?? ""))
  }

  private func log() throws {
    let step = trainer.position.step
    let loss = trainer.lastLoss
    guard loss.value.isFinite else { throw failure("the errors of the kind '\(loss.kind)'") }
    try events.addScalar("loss/\(loss.kind)", loss.value, step: step)
    for (monitor, value) in trainer.monitors {
      try events.addScalar("optimizer/\(monitor.name)", value, step: step)
      guard !monitor.alarms.isEmpty else { continue }
      var watches =
        warnings[monitor.name]
        ?? monitor.alarms.filter { $0.effect == .warning }.map(Monitor.Watch.init)
      for number in watches.indices
      where watches[number].add(value, step: step) && watches[number].count == 1 {
        hooks.report(.warning(watches[number].sentence))
      }
      warnings[monitor.name] = watches
    }
  }

  /// Ends the run if an alarm of the optimizer says so.
  private func requireLife() throws {
    let step = trainer.position.step
    guard
      let sentence = vitalSigns.add(
        kind: trainer.lastKind, step: step, trainer.value(ofMonitor:))
    else { return }
    // Weights that were good before the last steps are those of the model now.
    do { try evaluate() } catch is TrainingFailure {}
    try events.flush()
    let best = trainer.position.best.map { ", the best of them that of step \($0.step)" } ?? ""
    throw TrainingFailure("\(sentence); the models so far are kept\(best)")
  }

  /// Says again what was warned of more than once, with the count, and names structures to look at.
  private func repeatWarnings() {
    for sentence in record.wildLabels.sentences { hooks.report(.warning(sentence)) }
    for (_, watches) in warnings.sorted(by: { $0.key < $1.key }) {
      for watch in watches where watch.count > 1 {
        hooks.report(.warning("\(watch.sentence) (\(watch.count) times in the log)"))
      }
    }
  }

  private func evaluate() throws {
    let step = trainer.position.step
    try trainer.updateModel()
    let evaluation = try hooks.evaluate()
    guard evaluation.loss.isFinite else {
      throw TrainingFailure(
        "the validation loss is no number after step \(step); lower the learning rate, "
          + "and resume from the checkpoint or start again")
    }
    // The evaluation at the end of a run that goes on later is none of the whole run.
    if step % plan.evaluateEvery == 0 { try trainer.update(validationLoss: evaluation.loss) }
    let isBest = evaluation.loss < trainer.position.best?.loss ?? .infinity
    if isBest {
      trainer.position.best = TrainingPosition.Best(loss: evaluation.loss, step: step)
      try hooks.saveModel(.best)
    }
    let moment = TrainingMoment(
      state: trainer.state, initialParameters: initialParameters, step: step)
    let values =
      try evaluation.metrics + trainer.counts + diagnostics.flatMap { try $0.scalars(of: moment) }
    try metrics.append(step: step, values)
    for (name, value) in zip(metrics.columns, values) {
      if let value { try events.addScalar(name.replacing(".", with: "/"), value, step: step) }
    }
    for histogram in try diagnostics.flatMap({ try $0.histograms(of: moment) }) {
      try events.addHistogram(histogram.tag, values: histogram.values, step: step)
    }
    try events.flush()
    hooks.report(.evaluation(step: step, evaluation, isBest: isBest))
  }

  /// Keeps the model if it is its turn; a resumed run repeats what came after its checkpoint to the bit.
  private func keep() throws {
    let step = trainer.position.step
    guard let every = plan.keepEvery, step % every == 0 else { return }
    try trainer.updateModel()
    try hooks.saveModel(.kept(step: step))
  }

  /// Writes a checkpoint; the one before is kept where this one would be of no use.
  private func save() throws {
    guard trainer.isFinite else { throw failure("the weights or the optimizer's memory") }
    // A resumed run writes no event of a step before the checkpoint again.
    try events.flush()
    try trainer.updateModel()
    // The model comes first: a checkpoint without one could not be resumed.
    try hooks.saveModel(.last)
    record.rows = metrics.rowCount
    if record.wildLabels != WildLabelTable() {
      try WholeFile.write(record.wildLabels.text, to: wildLabels.path)
    }
    try Checkpoint.write(trainer.state, trainer.position, record, to: checkpoints)
  }
}
