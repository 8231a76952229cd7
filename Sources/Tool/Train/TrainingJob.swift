import Atomistic
import Foundation
import Graph
import Layers
import Tensors
import Train

/// One training in one precision: reads the data, builds the model, trains it and keeps the results.
struct TrainingJob<Scalar: RealScalar> {
  private let configuration: TrainingConfiguration
  private let directory: ModelDirectory
  private let resumes: Bool
  private let workers: Workers

  init(_ configuration: TrainingConfiguration, _ directory: ModelDirectory, resumes: Bool) {
    self.configuration = configuration
    self.directory = directory
    self.resumes = resumes
    workers = Workers(count: configuration.threads)
  }

  /// Trains until the steps are done.
  ///
  /// Throws what is wrong with data or configuration, and `Interrupted` after Ctrl-C.
  func run() throws {
    OpenBLAS.useOneThread()
    let set = try TrainingSet(configuration)
    note(set.text)
    let cache = try makeCache(set)
    let known = resumes ? try loadLast() : nil
    let network = try known?.network ?? makeNetwork(set, cache)
    cache.scale(
      by: network.networks.map { $0.ranges.map(network.scaling.map) }, workers: workers)

    let labels = NetworkLabels(set, cache, network, configuration)
    try labels.requireLabels(in: configuration.data.file ?? "the data")
    let trainer = Trainer(
      labels, optimizer: configuration.optimizer.optimizer, seed: UInt64(configuration.seed),
      workers: workers)
    let weights = trainer.state.parameters.count
    let (descriptors, variables) = (cache.byteCount, trainer.memoryInUse)
    // While a checkpoint is written there are two copies of the variables: tensors and the file.
    let peak = 3 * variables + (cache.isOnDisk ? 0 : descriptors)
    note(
      "\(weights) weights; training takes about \(megabytes(peak)) of memory at its peak: "
        + "\(megabytes(descriptors)) of descriptors\(cache.isOnDisk ? " (on disk)" : ""), "
        + "\(megabytes(variables)) of variables, and twice these for a checkpoint")
    try train(trainer, set, cache, network)
  }

  /// The model that belongs to the checkpoint.
  private func loadLast() throws -> PotentialModel {
    guard FileManager.default.fileExists(atPath: directory.last.path) else {
      throw TrainingFailure(
        "\(directory.url.path) holds no checkpoint to go on from; start the run again with --force")
    }
    return try PotentialModel.load(directory.last)
  }

  private func megabytes(_ bytes: Int) -> String {
    String(format: bytes < 10_000_000 ? "%.1f MB" : "%.0f MB", Double(bytes) / 1e6)
  }

  private func note(_ text: String) { StandardStreams.error(text + "\n") }

  private func makeCache(_ set: TrainingSet) throws -> DescriptorCache<Scalar> {
    var budget = CacheBudget(memory: configuration.cache.memory.bytes)
    if let folder = configuration.cache.directory { budget.folder = URL(fileURLWithPath: folder) }
    let line = SharedProgress("descriptors", unit: "structures", total: set.structures.count)
    let cache = try DescriptorCache<Scalar>(
      set.structures, configuration.network.descriptors.choice(), budget: budget, workers: workers,
      progress: line.update)
    line.finish(set.structures.count)
    return cache
  }

  private func makeNetwork(
    _ set: TrainingSet, _ cache: DescriptorCache<Scalar>
  ) throws -> BehlerParrinello {
    let settings = configuration.network
    let choice = try settings.descriptors.choice()
    let ranges = cache.ranges(over: set.training)
    let networks = try zip(cache.elements, ranges).map { element, ranges in
      guard let ranges else {
        throw TrainingFailure(
          "no training structure holds \(element), so its descriptors cannot be scaled;"
            + " leave its functions out or add data")
      }
      let constant = settings.scaling.value.constantColumns(in: ranges)
      if !constant.isEmpty {
        note(
          "\(constant.count) symmetry function(s) of \(element) are the same for all its atoms in "
            + "the training set and tell nothing: numbers \(constant.map { $0 + 1 })")
      }
      return BehlerParrinello.Network(
        element: element, symmetryFunctions: choice.functions[element.number]!, ranges: ranges,
        hiddenNodes: settings.hidden,
        hiddenActivations: settings.hidden.map { _ in settings.activation },
        energyOffset: set.reference.energies[element] ?? 0)
    }
    return BehlerParrinello(
      networks: networks, scaling: settings.scaling.value, lengthUnit: choice.lengthUnit,
      initializer: settings.initialization.initializer)
  }

  private func train(
    _ trainer: Trainer<NetworkLabels<Scalar>>, _ set: TrainingSet,
    _ cache: DescriptorCache<Scalar>, _ network: BehlerParrinello
  ) throws {
    let predictions = CachedPredictions(
      network.elementNetworks, cache: cache, state: trainer.state, workers: workers)
    let evaluator = NetworkEvaluator(predictions, set, configuration.loss)
    let plan = configuration.run
    let interruption = Interruption()
    var line = ProgressLine.onStandardError("training", unit: "steps", total: plan.steps)
    let table = LearningTable()
    let hooks = TrainingHooks(
      metricNames: NetworkEvaluator<Scalar>.metricNames, evaluate: { evaluator.evaluate() },
      saveModel: { isBest in
        let model = PotentialModel(
          network, state: trainer.state, seed: UInt64(configuration.seed))
        try model.save(to: isBest ? directory.url : directory.last)
      },
      report: { report in
        switch report {
        case .step(let step): line.update(step)
        case .evaluation(let step, let evaluation, let isBest):
          StandardStreams.output(table.row(step, evaluation.metrics, isBest: isBest))
        case .warning(let text): note("warning: \(text)")
        }
      },
      isInterrupted: { interruption.isRequested })
    if !resumes { try directory.clear() }
    try FileManager.default.createDirectory(
      at: directory.url, withIntermediateDirectories: true)
    let run = try TrainingRun(
      trainer,
      plan: TrainingPlan(
        steps: plan.steps, evaluateEvery: plan.evaluateEvery,
        checkpointEvery: plan.checkpointEvery, logEvery: plan.logEvery),
      directory: directory.url, resumes: resumes, hooks: hooks)
    // Only now is it known that a checkpoint, if there is one, belongs to this configuration.
    try Data(StrictJSON.text(of: configuration).utf8).write(
      to: directory.configurationFile, options: .atomic)
    if trainer.position.step >= plan.steps, resumes {
      note("all \(plan.steps) steps are done already; ask for more by --steps")
    }
    StandardStreams.output(table.header)
    line = ProgressLine.onStandardError(
      "training", unit: "steps", total: plan.steps, done: trainer.position.step)
    let isDone = try run.run()
    line.finish(trainer.position.step)
    guard isDone else {
      throw Interrupted(continuation: "train -d \(directory.url.path) --resume")
    }
    note("the model is in \(directory.url.path)")
  }
}
