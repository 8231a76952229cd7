import Atomistic
import Graph
import Tensors
import TestSupport
import Testing
import Train

@Suite(
  "Optimizers take PiNN's steps with PiNet",
  .enabled(if: ReferenceFile.areAvailable, "needs shared/reference"))
struct PiNetTraceTests {
  @Test("the folder holds steps")
  func files() { #expect(!PiNetReference.traces.isEmpty) }

  @Test("losses and weights of ten steps", arguments: PiNetReference.traces)
  func steps(of name: String) throws {
    let trace = try PiNetReference(name)
    let (potential, file) = (trace.potential, trace.file)
    let batch = file["batch"].list.map { TraceStructure($0, file) }
    let objective = Objective(errors: errors(of: potential), parameters: potential.variables)
    let step = try optimizer(file["optimizer"], objective)
    let program = step.compiled(fetching: [
      objective.squaredError, objective.gradient(of: objective.squaredError),
    ])
    let state = State<Double>(potential.variables + program.variables, seed: 0)
    let lists = try batch.map { try NeighborList($0.structure, cutoff: potential.cutoff) }
    let inputs = StructureFeed<Double>(elements: potential.elements)
    try inputs.set(batch.map(\.structure), neighbors: lists, for: potential)
    fill(inputs.feed, batch, file["model_params"])
    let weights = file["weights"].list.map(\.doubles)
    trace.set(weights[0], in: state)
    let session = Session(program, state: state, workers: Workers(count: 1))
    let (places, unused) = trace.places()
    let all = places.flatMap(\.1)
    let kept = Dictionary(
      uniqueKeysWithValues: zip(file["weights_at_step"].ints, weights))
    let losses = file["loss_before_each_step_and_final"].doubles
    let monitors = step.monitors.count
    for number in 0..<losses.count {
      if let expected = kept[number] {
        let found = places.flatMap { state[$0.0].map { $0 } }
        #expect(largestDifference(found, all.map { expected[$0] }) < 1e-9, "step \(number)")
        #expect(unused.allSatisfy { expected[$0] == weights[0][$0] }, "step \(number)")
      }
      try session.run(inputs.feed)
      let loss = session.output(monitors)[0]
      #expect(abs(loss - losses[number]) < 1e-9 * max(1, losses[number]), "step \(number)")
      guard number == 0 else { continue }
      let gradient = file["loss_gradient_step0"].doubles
      let scale = gradient.map(\.magnitude).max() ?? 0
      #expect(
        largestDifference(Array(session.output(monitors + 1)), all.map { gradient[$0] })
          < 1e-9 * scale)
    }
  }

  private static let energies = Symbol.placeholder("energies", [AtomisticInputs.structures])
  private static let energyFactors = Symbol.placeholder("factors", [AtomisticInputs.structures])
  private static let forces = Symbol.placeholder("forces", [AtomisticInputs.atoms, 3])
  private static let forceFactor = Symbol.placeholder("factor", .scalar)

  /// `√(c/n) (ŷ - y)` of all energies and forces.
  private func errors(of potential: any Potential) -> Symbol {
    let inputs = AtomisticInputs(.unstrained)
    let energyErrors = (potential.energies(inputs) - Self.energies) * Self.energyFactors
    let forceErrors = (potential.forces(inputs) - Self.forces) * Self.forceFactor
    return .concatenating([energyErrors, forceErrors.flattened()], axis: 0)
  }

  /// Sets labels and factors.
  private func fill(
    _ feed: Feed<Double>, _ batch: [TraceStructure], _ settings: ReferenceFile
  ) {
    let scale = settings["e_scale"].double
    let counts = batch.map { Double($0.structure.count) }
    let isPerAtom = settings["use_e_per_atom"].int != 0
    let energyWeight = settings["e_loss_multiplier"].double / Double(batch.count)
    let forceWeight = settings["f_loss_multiplier"].double / (3 * counts.reduce(0, +))
    feed.set(Self.energies, batch.map { $0.energy * scale })
    feed.set(
      Self.energyFactors, counts.map { energyWeight.squareRoot() / (isPerAtom ? $0 : 1) })
    feed.set(Self.forces, batch.flatMap(\.forces).map { $0 * scale })
    feed.set(Self.forceFactor, [forceWeight.squareRoot()])
  }

  /// The step of PiNN's optimizer.
  private func optimizer(_ record: ReferenceFile, _ objective: Objective) throws -> Step {
    let settings = record["config"]
    if record["class_name"].text == "EKF" {
      // PiNN begins with P = I.
      return objective.minimized(
        by: ExtendedKalmanFilter(
          measurementNoise: .learningRate(.constant(settings["learning_rate"].double)),
          processNoise: .constant(0),
          epsilon: settings.has("epsilon") ? settings["epsilon"].double : 1))
    }
    try #require(record["class_name"].text == "Adam")
    let rate = settings["learning_rate"]
    let schedule: ValueSchedule
    if rate.isNumber {
      schedule = .constant(rate.double)
    } else {
      let decay = rate["config"]
      schedule = .exponential(
        initial: decay["initial_learning_rate"].double, factor: decay["decay_rate"].double,
        every: decay["decay_steps"].double)
    }
    let bound = settings.has("clipnorm") ? settings["clipnorm"].double : nil
    return objective.minimized(
      by: Adam(learningRate: schedule, clipNorm: bound.map { .perVariable($0) }))
  }
}

/// A structure of a trace's batch with its labels, the energy without the elements' parts.
private struct TraceStructure {
  let structure: Structure
  let energy: Double
  let forces: [Double]

  init(_ record: ReferenceFile, _ file: ReferenceFile) {
    structure = PiNetReference.structure(record)
    let parts = Dictionary(
      uniqueKeysWithValues: file["e_dress"].list.map { ($0["Z"].int, $0["energy"].double) })
    let dress = structure.elements.reduce(0) { $0 + (parts[$1.number] ?? 0) }
    energy = record["e_data"].double - dress
    forces = record["f_data"].list.flatMap(\.doubles)
  }
}
