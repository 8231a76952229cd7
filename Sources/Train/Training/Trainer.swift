public import Graph
public import Tensors

/// Trains parameters step by step: one compiled program for each kind of label, one state for all.
public final class Trainer<Source: LabelSource> {
  /// The values of parameters and optimizer memory.
  public let state: State<Source.Scalar>

  /// The weights that models are evaluated and saved with: those of `state`, or their running means up to
  /// the last evaluation or checkpoint.
  public let modelState: State<Source.Scalar>

  /// The position of the run.
  public var position: TrainingPosition

  private let kinds: [LabelKind]
  private let source: Source
  private let batches: BatchPreparation<Source>
  private let sessions: [Session<Source.Scalar>]
  private let steps: [Step]
  /// Computes the running means of weights, if there are any, and the variables that they replace.
  private let averages: (session: Session<Source.Scalar>, variables: [Variable])?
  /// Changes the optimizer's memory at an evaluation, if it asks for that.
  private let evaluationUpdate: Session<Source.Scalar>?
  /// The number of the kind of label of the last step.
  private(set) var lastKind = 0
  private var lastLabels: [Int] = []
  private var lastFeed: Feed<Source.Scalar>?
  /// The weights before the last step, to find out where it went wrong.
  private var weightsBefore: [Source.Scalar]

  /// The variables that no error of any kind depends on: they keep their first values.
  public let idleVariables: [Variable]

  /// Compiles a step for each kind of label.
  ///
  /// All kinds train the same parameters, in the order in which the first kind uses them.
  ///
  /// - Parameters:
  ///   - source: The labels.
  ///   - variables: Variables that the state holds whether or not an error depends on them.
  ///   - optimizer: The rewrite of errors into new weights.
  ///   - seed: The seed of the first weights and of the labels that steps take.
  ///   - frozen: Patterns of the names of variables that keep their first values.
  ///   - weightDecay: The strength λ of `λ |w|²` in the loss, see `Objective.withWeightDecay`.
  ///   - weightAverage: The factor d of a running mean of the weights, `a ← d a + (1 - d) w`, with which
  ///     models are evaluated and saved; nil for the last weights.
  ///   - workers: The threads that kernels share.
  /// - Throws: `VariablePatternError` if a pattern fits no variable, `TrainingFailure` if the variables
  ///   are more than the memory holds, or the optimizer needs a fixed batch and the schedule has none.
  public init(
    _ source: Source, variables: [Variable] = [], optimizer: some Optimizer, seed: UInt64,
    frozen: [VariablePattern] = [], weightDecay: Double = 0, weightAverage: Double? = nil,
    workers: Workers
  ) throws {
    kinds = source.kinds
    self.source = source
    ensure(
      kinds.contains { $0.count > 0 }, "Trainer: there is no label to train on")
    try Self.requireMemory(for: variables)
    guard source.schedule.isFixed || !optimizer.needsFixedBatch else {
      throw TrainingFailure(
        "the optimizer '\(type(of: optimizer).kind)' needs the same labels in each step, which "
          + "the schedule '\(type(of: source.schedule).kind)' does not take as it is; take "
          + "{ structures: { perStep: 100, fixed: true } }")
    }
    let steps = try TrainingSteps(
      kinds, variables: variables, optimizer: optimizer, frozen: frozen, weightDecay: weightDecay,
      weightAverage: weightAverage)
    idleVariables = steps.idleVariables
    let programs = steps.compiled()
    let evaluation = steps.evaluationProgram
    let all =
      steps.variables + (programs + [evaluation].compactMap(\.self)).flatMap(\.variables)
    try Self.requireMemory(for: Set(all))
    let state = State<Source.Scalar>(all, seed: seed)
    self.state = state
    batches = BatchPreparation(
      source, TrainingCandidates(source, state, workers: workers), workers: workers)
    if steps.averages.isEmpty {
      (averages, modelState) = (nil, state)
    } else {
      let averaged = steps.averages.sorted { $0.key.name < $1.key.name }
      averages = (
        Session(Program(averaged.map(\.value)), state: state, workers: workers),
        averaged.map(\.key)
      )
      modelState = State(steps.variables, seed: seed)
    }
    evaluationUpdate = evaluation.map { Session($0, state: state, workers: workers) }
    sessions = programs.map { Session($0, state: state, workers: workers) }
    self.steps = steps.steps
    weightsBefore = Array(state.parameters.elements)
    position = TrainingPosition(seed: seed)
  }

  deinit { batches.finish() }

  /// Refuses variables that the memory cannot hold with the copy that is there while a checkpoint is
  /// written, before any of it is taken.
  static func requireMemory(for variables: some Collection<Variable>) throws(TrainingFailure) {
    let size = MemoryLayout<Source.Scalar>.stride
    let count = 2 * variables.reduce(0.0) { $0 + $1.extents.reduce(1) { $0 * Double($1) } }
    let limit = MemoryLimit.bytes
    // The square of the number of weights must remain a number of bytes.
    let weights = variables.filter(\.isTrainable).reduce(0.0) {
      $0 + $1.extents.reduce(1) { $0 * Double($1) }
    }
    let isBeyondNumbers = weights > 0x1p29
    guard count * Double(size) > Double(limit) || isBeyondNumbers else { return }
    let bytes = Int(min(count * Double(size), 0x1p62))
    throw TrainingFailure(
      "\(Int(min(weights, 0x1p62))) weights, the optimizer's memory and a copy of both take "
        + "\(isBeyondNumbers ? "more than " : "")\(MemoryLimit.text(bytes)), of "
        + "\(MemoryLimit.text(limit)) that there are; choose a smaller network, or an optimizer without a "
        + "covariance")
  }

  /// Takes the memory that steps need, so that `memoryInUse` counts it before the first step.
  ///
  /// Throws `FeedError` if the source fills feeds wrongly.
  public func reserve() throws(FeedError) {
    for kind in kinds.indices { try sessions[kind].reserve(batches.example(of: kind)) }
  }

  /// Takes the next batch of labels and runs the step's program on it, which changes the state.
  ///
  /// Throws `FeedError` if the source filled the feed wrongly; nothing has changed then.
  public func advance() throws(FeedError) {
    let batch = batches.batch(
      atStep: position.step, from: position.random, position.selection)
    keepWeights()
    try sessions[batch.kind].run(batch.feed)
    (lastKind, lastLabels, lastFeed) = (batch.kind, batch.labels, batch.feed)
    (position.random, position.selection) = (batch.after, batch.selection)
    position.step += 1
  }

  /// Lets the optimizer's memory know the validation loss of an evaluation.
  func update(validationLoss: Double) throws(FeedError) {
    guard let evaluationUpdate else { return }
    let feed = Feed<Source.Scalar>()
    feed.set(Step.validationLoss, [validationLoss])
    try evaluationUpdate.run(feed)
  }

  /// Brings `modelState` up to date.
  func updateModel() throws(FeedError) {
    guard let averages else { return }
    for variable in modelState.variables {
      _ = modelState[variable].update(fromContentsOf: state[variable])
    }
    try averages.session.run(Feed())
    for (number, variable) in averages.variables.enumerated() {
      _ = modelState[variable].update(fromContentsOf: averages.session.output(number))
    }
  }

  private func keepWeights() {
    let weights = state.parameters
    weightsBefore.withUnsafeMutableBufferPointer { copy in
      guard let base = copy.baseAddress else { return }
      base.update(from: weights.base, count: weights.count)
    }
  }

  /// The monitors of the last step's optimizer with their values.
  public var monitors: [(monitor: Monitor, value: Double)] {
    steps[lastKind].monitors.enumerated().map {
      ($1, value(ofMonitor: $0))
    }
  }

  /// The optimizer's remarks on its steps, each once.
  ///
  /// Throws `FeedError` if the source fills feeds wrongly.
  public var remarks: [String] {
    get throws(FeedError) {
      try reserve()
      return zip(steps, sessions).flatMap { step, session in
        let labels = session.output(step.monitors.count).count
        return step.remarks.map { $0(labels) }
      }.uniqued()
    }
  }

  /// The columns of the table of metrics that count labels; none where chance alone draws them.
  var countNames: [String] {
    guard source.schedule.looksAtErrors else { return [] }
    return kinds.flatMap { kind in
      ["visited", "skipped", "used"].map { "labels.\(kind.name).\($0)" }
    }
  }

  /// The counts of labels so far, in the order of `countNames`.
  var counts: [Double?] {
    guard source.schedule.looksAtErrors else { return [] }
    let counts = position.selection.counts
    guard !counts.isEmpty else { return countNames.map { _ in 0 } }
    return counts.flatMap { [$0.visited, $0.skipped, $0.used].map(Double.init) }
  }

  /// The monitors of the step of each kind of label.
  var monitorsOfKinds: [[Monitor]] { steps.map(\.monitors) }

  /// The value of one of the monitors of the last step's kind.
  func value(ofMonitor number: Int) -> Double { Double(sessions[lastKind].output(number)[0]) }

  /// The kind of label of the last step and its loss `L₂ = Σ ξ²`.
  public var lastLoss: (kind: String, value: Double) {
    let errors = sessions[lastKind].output(steps[lastKind].monitors.count)
    return (kinds[lastKind].name, errors.reduce(0) { $0 + Double($1) * Double($1) })
  }

  /// Adds the labels of the last step that the optimizer has found far beyond what it expects.
  func addWildLabels(to table: inout WildLabelTable) {
    guard steps[lastKind].wildLabels != nil else { return }
    let found = sessions[lastKind].output(steps[lastKind].monitors.count + 1)
    guard found.contains(where: { $0 != 0 }) else { return }
    let structures = source.structures(ofErrorsOf: lastKind, labels: lastLabels)
    for (structure, isWild) in zip(structures, found) where isWild != 0 {
      table.add(kind: kinds[lastKind].name, structure: structure, step: position.step)
    }
  }

  /// The first value of the last step that is not finite, in a sentence; nil if all are.
  ///
  /// The step is computed again with the weights from before it: first the errors, then the gradient of
  /// their squares, then the new values, for which the optimizer's memory is that after the step.
  public var nonFiniteValue: String? {
    guard let lastFeed else { return nil }
    let weights = state.parameters.elements
    let weightsAfter = Array(weights)
    _ = weights.update(fromContentsOf: weightsBefore)
    defer { _ = weights.update(fromContentsOf: weightsAfter) }
    let step = steps[lastKind]
    let updates = step.updates.sorted { $0.key.name < $1.key.name }.map(\.value)
    let objective = Objective(errors: kinds[lastKind].errors)
    let gradient = objective.gradient(of: objective.squaredError)
    for roots in [[objective.errors], [gradient], step.monitors.map(\.symbol) + updates] {
      let value = try? NonFiniteValue.first(
        computing: roots, lastFeed, state: state, workers: Workers(count: 1))
      if let value { return "\(value)" }
    }
    return nil
  }

  /// Whether all parameters are finite.
  public var weightsAreFinite: Bool { areFinite(state.parameters.elements) }

  /// Whether all parameters and all memory of the optimizer are finite.
  public var isFinite: Bool {
    state.variables.allSatisfy { state[$0].allSatisfy { $0.isFinite } }
  }

  /// The memory in bytes that programs and state take so far.
  public var memoryInUse: Int {
    sessions.reduce(variableMemory) { $0 + $1.memoryInUse }
  }

  /// The memory in bytes that parameters and the optimizer's memory take.
  public var variableMemory: Int {
    state.variables.reduce(0) { $0 + $1.count * MemoryLayout<Source.Scalar>.stride }
  }

  /// In how many phases of each kind's step threads share out rows, for the sizes of its last run.
  package var sharedRowPhases: [Int] { sessions.map(\.sharedRowPhases) }

  /// The compiled step of each kind of label.
  public var programs: [Program] { sessions.map(\.program) }
}

/// Whether all numbers are finite; each step asks for it.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
private func areFinite<Scalar: RealScalar>(
  _ values: UnsafeMutableBufferPointer<Scalar>
) -> Bool {
  guard let base = values.baseAddress else { return true }
  // x - x is NaN where x is not finite; sums of lanes need neither a branch nor the sum before.
  var lanes = Scalar.Vector.zero
  let whole = values.count / Scalar.lanes * Scalar.lanes
  for index in stride(from: 0, to: whole, by: Scalar.lanes) {
    let value = base.lanes(at: index)
    lanes += value - value
  }
  return values[whole...].reduce(lanes.total) { $0 + ($1 - $1) } == 0
}
