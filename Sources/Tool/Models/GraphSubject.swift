import Atomistic
import Graph
import Tensors
import Train

/// The programs of a model directory that are shown, checked and timed.
enum GraphSubject: String, CaseIterable, ArgumentValue { case prediction, training }

/// A program of a model with the numbers that it runs on.
struct GraphSubjectRun<Scalar: RealScalar> {
  /// The program as it is used.
  let program: Program
  /// The values of its placeholders.
  let feed: Feed<Scalar>
  /// The weights of the model, and the optimizer's memory at its start.
  let state: State<Scalar>
  /// A value whose gradient optimizers or forces rest on.
  let checked: Symbol
  /// The variables and placeholders of that gradient.
  let sources: [Symbol]

  /// The energy and the forces of a structure; the energy's gradient by positions, strain and weights.
  ///
  /// - Throws: A `PotentialError` where the model does not fit the structure.
  init(predicting structure: Structure, by model: TrainedModel) throws {
    let potential = model.potential
    let inputs = StructureFeed<Scalar>(elements: potential.elements)
    let list = try NeighborList(structure, cutoff: potential.cutoff, skin: Self.skin)
    try inputs.set([structure], neighbors: [list], for: potential)
    program = GraphCommand.prediction(potential)
    (feed, state) = (inputs.feed, model.state())
    let symbols = AtomisticInputs()
    checked = potential.energies(symbols).sum()
    sources = [symbols.positions, symbols.strain] + potential.variables.map(\.symbol)
  }

  /// The step of the last kind of label on the first labels of structures; the gradient of their loss
  /// by the weights.
  ///
  /// - Throws: A `LabelError` where the structures have no labels or do not fit the model.
  init(
    training model: TrainedModel, as configuration: TrainingConfiguration,
    on structures: [Structure], workers: Workers
  ) throws {
    let labels = try StructureLabels<Scalar>(
      TrainingData(training: structures), model.potential, terms: configuration.terms,
      schedule: configuration.schedule.schedule, budget: configuration.cache.budget,
      workers: workers)
    let steps = try configuration.steps(of: labels.kinds, for: model.potential)
    let last = labels.kinds.count - 1
    let kind = labels.kinds[last]
    program = steps.compiled()[last]
    feed = Feed()
    labels.fill(feed, kind: last, labels: Array(0..<min(kind.labelsPerStep, kind.count)))
    state = State(model.potential.variables + program.variables, seed: 0)
    try state.load(model.weights, into: model.potential.variables)
    checked = Objective(errors: kind.errors).squaredError
    sources = Symbol.parameters(of: [kind.errors]).map(\.symbol)
  }

  /// How far beyond the cutoff pairs are listed in angstrom: a check moves atoms.
  private static var skin: Double { 0.1 }
}

extension TrainingConfiguration {
  /// What the steps of each kind of label compute.
  func steps(
    of kinds: [LabelKind], for potential: any TrainablePotential
  ) throws(VariablePatternError) -> TrainingSteps {
    try TrainingSteps(
      kinds, variables: potential.variables, optimizer: optimizer.optimizer,
      frozen: weights.frozen, weightDecay: weights.decay)
  }
}
