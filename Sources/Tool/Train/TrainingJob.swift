import Atomistic
import Foundation
import Graph
import Tensors
import Train

/// Where a training begins.
enum TrainingOrigin {
  /// At first weights; what the directory holds is replaced if that is forced.
  case start(isForced: Bool, advice: String)
  /// At a checkpoint with this record in a directory that is locked since; the data may differ if that
  /// was accepted.
  case checkpoint(RunRecord, DirectoryLock, acceptsChangedData: Bool)
}

/// One training in one precision: reads the data, makes the model, trains it and keeps the results.
struct TrainingJob<Scalar: RealScalar> {
  let configuration: TrainingConfiguration
  let directory: ModelDirectory
  let origin: TrainingOrigin
  /// Whether warnings of the data end the command.
  let isStrict: Bool
  let tool: Tool

  private var resumes: Bool { if case .checkpoint = origin { true } else { false } }

  /// Trains until the steps are done.
  ///
  /// Throws what is wrong with data or configuration, and `Interrupted` after Ctrl-C and the like.
  func run() throws {
    OpenBLAS.useOneThread()
    let workers = Workers(count: configuration.threads)
    let input = try TrainingInput(configuration)
    try compare(input.data)
    note(input.text)
    let training = try prepare(input.data, workers)
    note(training.parameters.description)
    try describe(training)
    let lock =
      if case .checkpoint(_, let lock, _) = origin { lock } else { try directory.lock() }
    try run(training, in: lock, data: input.data.digest)
    try report(input.data, workers)
  }

  /// Writes the report of a run that is done.
  private func report(_ data: TrainingData, _ workers: Workers) throws {
    let judged = data.validation.isEmpty ? data.training : data.validation
    try TrainingReport(
      directory: directory, configuration: configuration,
      structures: judged.prefix(TrainingReport.mostStructures).map { data.structures[$0] }
    ).write(catalog: tool.catalog, workers: workers)
  }

  /// Compares the data with those of the configuration, of which a difference is warned of, or with those
  /// of the checkpoint, of which a difference is refused unless it was accepted.
  private func compare(_ data: TrainingData) throws {
    let file = configuration.data.file ?? "the file"
    switch origin {
    case .start:
      let found = data.digest.text
      guard let expected = configuration.data.digest, expected != found else { return }
      let sentence =
        "\(file): the data are not those of data.digest: expected \(expected), found \(found)"
      guard !isStrict else { throw ToolError("\(sentence); put them back, or take the key out") }
      tool.warn(sentence)
    case .checkpoint(let record, _, let accepts):
      guard let change = record.change(to: data.digest) else { return }
      let sentence = "\(file): the data \(change) since the run began"
      guard accepts else {
        throw ToolError(
          "\(sentence); put them back, start another run, or go on with them by "
            + "--accept-changed-data")
      }
      tool.warn("\(sentence); the best model is looked for anew")
    }
  }

  /// Makes the potential, or takes that of the checkpoint, and the labels.
  private func prepare(
    _ data: TrainingData, _ workers: Workers
  ) throws -> PotentialTraining<Scalar> {
    let errors = tool.errors
    let potential =
      try resumes
      ? directory.loadLast(tool.catalog.models).potential
      : configuration.network.potential(
        data.structuresToTrain(workers: workers, note: { StandardStreams.error($0 + "\n") }))
    try warn(of: data, cutoff: potential.cutoff, workers)
    let line = SharedProgress(
      "features", unit: "structures", total: data.training.count + data.validation.count)
    let training = try PotentialTraining<Scalar>(
      potential, data, terms: configuration.terms, schedule: configuration.schedule.schedule,
      optimizer: configuration.optimizer.optimizer, frozen: configuration.weights.frozen,
      weightDecay: configuration.weights.decay, weightAverage: configuration.weights.average,
      budget: configuration.cache.budget, seed: UInt64(configuration.seed), workers: workers,
      progress: line.update)
    line.finish(data.training.count + data.validation.count)
    if let directory = configuration.weights.from, !resumes {
      let model = try TrainedModel.load(
        URL(fileURLWithPath: directory), kinds: tool.catalog.models)
      errors("weights of \(directory): \(try training.takeWeights(of: model))\n")
    }
    return training
  }

  /// Prints the warnings of the data, and ends with them if the command is strict.
  private func warn(of data: TrainingData, cutoff: Double, _ workers: Workers) throws {
    let properties = configuration.terms.map(\.property)
    let warnings = try data.warnings(properties, cutoff: cutoff, workers: workers)
    for warning in warnings { tool.warn(warning.description) }
    try warnings.requireNone(strictly: isStrict)
  }

  /// Says how labels are laid out, which weights are trained, and how much memory that takes.
  private func describe(_ training: PotentialTraining<Scalar>) throws {
    let available = MemoryLimit.bytes
    try training.trainer.reserve()
    note(training.labels.plan)
    let idle = training.trainer.idleVariables
    if !idle.isEmpty {
      note(
        "no error depends on \(ParameterSummary(idle).count) weights, which keep their first values: "
          + idle.map(\.name).joined(separator: ", "))
    }
    for remark in try training.trainer.remarks { note(remark) }
    let fallbacks = Set(training.trainer.programs.flatMap { $0.denseFallbacks.map { "\($0)" } })
    for fallback in fallbacks.sorted() {
      note("the Jacobian falls back to dense rows: \(fallback)")
    }
    let (features, variables) = (training.labels.byteCounts, training.trainer.variableMemory)
    let batches = training.trainer.memoryInUse - variables
    // While a checkpoint is written there is a second copy of the variables.
    let peak = 2 * variables + batches + features.memory
    let disk = features.disk > 0 ? " and \(megabytes(features.disk)) on disk" : ""
    note(
      "training takes about \(megabytes(peak)) of memory at its peak: "
        + "\(megabytes(features.memory)) of features\(disk), \(megabytes(batches)) for steps, "
        + "\(megabytes(variables)) of variables, and these again for a checkpoint")
    // What is reserved is taken only when it is used, so a step that is too large would end in the middle.
    guard batches <= available else {
      throw ToolError(
        "a step needs \(megabytes(batches)) of memory, of \(megabytes(available)) that there are; "
          + "take fewer labels a step")
    }
    // What has been taken up to now counts no more; the second copy is still to come.
    guard variables <= MemoryLimit.bytes else {
      throw ToolError(
        "a checkpoint needs \(megabytes(variables)) more, of \(megabytes(MemoryLimit.bytes)) that are "
          + "left; choose a smaller network or cache.memory, or an optimizer without a covariance")
    }
  }

  private func megabytes(_ bytes: Int) -> String {
    String(format: bytes < 10_000_000 ? "%.1f MB" : "%.0f MB", Double(bytes) / 1e6)
  }

  private func note(_ text: String) { tool.errors(text + "\n") }

  /// Writes all keys as they are used, with the digest of the data.
  private func writeConfiguration(_ data: DataDigest) throws {
    var written = configuration
    written.data.digest = data.text
    try WholeFile.write(StrictJSON.text(of: written), to: directory.configurationFile.path)
  }

  private func run(
    _ training: PotentialTraining<Scalar>, in lock: DirectoryLock, data: DataDigest
  ) throws {
    let plan = configuration.run
    let interruption = Interruption()
    let table = LearningTable(properties: configuration.terms.map(\.property))
    var line: ProgressLine?
    var lostOutput: FileError?
    func output(_ text: String) {
      // A full disk of the log is no reason to end a run; it is told at the end.
      do throws(FileError) { try StandardStreams.output(text) } catch { lostOutput = error }
    }
    switch origin {
    case .start(let isForced, let advice):
      try directory.requireFree(orForced: isForced, advice: advice)
      try directory.clear()
      // Before any other file: a folder that holds it is known as that of a run, however soon that ends.
      try writeConfiguration(data)
    case .checkpoint: directory.removeDrafts()
    }
    var acceptsChangedData = false
    if case .checkpoint(_, _, let accepts) = origin { acceptsChangedData = accepts }
    let isDone = try training.run(
      TrainingPlan(
        steps: plan.steps, evaluateEvery: plan.evaluateEvery,
        checkpointEvery: plan.checkpointEvery, logEvery: plan.logEvery,
        keepEvery: plan.keepEvery),
      in: lock, resumes: resumes, acceptsChangedData: acceptsChangedData,
      configuration: try configuration.settled, diagnostics: tool.catalog.diagnostics,
      opened: {
        if resumes { try writeConfiguration(data) }
        let step = training.trainer.position.step
        if step >= plan.steps, resumes {
          note("all \(plan.steps) steps are done already; ask for more by --steps")
        }
        output(table.header)
        line = ProgressLine.onStandardError(
          "training", unit: "steps", total: plan.steps, done: step)
      },
      report: { report in
        switch report {
        case .step(let step): line?.update(step)
        case .evaluation(let step, let evaluation, let isBest):
          output(table.row(step, evaluation.metrics, isBest: isBest))
        case .warning(let text): tool.warn(text)
        }
      },
      isInterrupted: { interruption.isRequested })
    line?.finish(training.trainer.position.step)
    guard isDone else { throw Interrupted(continuation: "train -d \(directory.url.path) --resume") }
    note("the model is in \(directory.url.path)")
    if let lostOutput { throw lostOutput }
  }
}
