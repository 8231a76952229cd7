import Atomistic
import Graph
import Tensors
import Train

/// Message passing: features are learnt, so a label brings its whole structure into each step.
///
/// Ten boxes of 64 molecules and PiNN's networks with a cutoff of 4.5 angstrom.
struct MessageCase<Scalar: RealScalar> {
  let network: MessageNetwork
  let part: MessagePart

  func measure(_ name: String, _ context: BenchmarkContext) throws -> BenchmarkResult {
    let potential = try network.potential()
    switch part {
    case .energy:
      let symbols = [potential.atomicEnergies(AtomisticInputs(.unstrained)).sum()]
      let program = Program(symbols)
      let session = Session(
        program, state: State<Scalar>(potential.variables, seed: 1), workers: context.workers)
      let box = WaterBoxes.box(molecules: 64)
      let inputs = StructureFeed<Scalar>(elements: potential.elements)
      let list = try NeighborList(box, cutoff: potential.cutoff)
      try inputs.set([box], neighbors: [list], for: potential)
      PeakMemory.reset()
      let time = try context.stopwatch.measure { try session.run(inputs.feed) }
      return BenchmarkResult(
        name: name, time: time, yield: Yield(box.count, .atoms), peakMemory: PeakMemory.bytes)
    case .potential:
      return try PotentialCase<Scalar>(molecules: 64, findsNeighbors: false)
        .measure(name, potential, context)
    case .gradient(let batch):
      return try measure(name, potential, batch, context) {
        Program([$0.gradient(of: $0.squaredError)])
      }
    case .jacobian(let batch):
      return try measure(name, potential, batch, context) { Program([$0.jacobian]) }
    case .adam(let batch):
      return try measure(name, potential, batch, context) {
        $0.minimized(by: Adam.benchmark).compiled()
      }
    case .ekf(let batch):
      return try measure(name, potential, batch, context, calls: 20) {
        $0.minimized(by: ExtendedKalmanFilter.benchmark).compiled()
      }
    }
  }

  /// Measures a program of the errors of a batch.
  private func measure(
    _ name: String, _ potential: any TrainablePotential, _ batch: MessageBatch,
    _ context: BenchmarkContext, calls: Int? = nil, _ program: (Objective) -> Program
  ) throws -> BenchmarkResult {
    let (session, feed) = try Self.session(potential, batch, context, program)
    PeakMemory.reset()
    let time = try context.stopwatch.measure(calls: context.isQuick ? nil : calls) {
      try session.run(feed)
    }
    return BenchmarkResult(
      name: name, time: time, yield: Yield(batch.count, batch.unit), peakMemory: PeakMemory.bytes)
  }

  /// A session of a program of the errors of a batch, with a state of its own, and the batch.
  static func session(
    _ potential: any TrainablePotential, _ batch: MessageBatch, _ context: BenchmarkContext,
    _ program: (Objective) -> Program
  ) throws -> (session: Session<Scalar>, feed: Feed<Scalar>) {
    let structures = try context.boxes()
    let labels = try StructureLabels<Scalar>(
      TrainingData(training: structures, reference: ReferenceEnergies([:])), potential,
      terms: [LossTerm(.energy), LossTerm(.force)], schedule: batch.schedule,
      workers: context.workers)
    let objective = Objective(errors: labels.kinds[0].errors, parameters: potential.variables)
    let program = program(objective)
    let state = State<Scalar>(potential.variables + program.variables, seed: 1)
    let feed = Feed<Scalar>()
    labels.fill(feed, kind: 0, labels: batch.numbers(componentsEach: 3 * structures[0].count))
    return (Session(program, state: state, workers: context.workers), feed)
  }
}

/// The networks, with PiNN's defaults and a cutoff of 4.5 angstrom.
enum MessageNetwork: String, CaseIterable, Sendable {
  case pinet, pinet2

  func potential() throws -> any TrainablePotential {
    var settings = PiNetSettings()
    settings.cutoff = 4.5
    switch self {
    case .pinet: return try PiNet(settings, elements: Self.elements)
    case .pinet2:
      var tensors = PiNet2.Settings()
      tensors.common = settings
      return try PiNet2(tensors, elements: Self.elements)
    }
  }

  /// PiNN's elements.
  private static let elements: [Element] = [.hydrogen, .carbon, .nitrogen, .oxygen]
}

/// What is timed.
enum MessagePart: Sendable {
  /// The energy of one box, and with its forces.
  case energy, potential
  /// The gradient of the loss of a batch, and the Jacobian of its errors.
  case gradient(MessageBatch), jacobian(MessageBatch)
  /// A step of an optimizer.
  case adam(MessageBatch), ekf(MessageBatch)

  var name: String {
    switch self {
    case .energy: "energy"
    case .potential: "potential"
    case .gradient(let batch): "gradient-\(batch.name)"
    case .jacobian(let batch): "jacobian-\(batch.name)"
    case .adam(let batch): "adam-\(batch.name)"
    case .ekf(let batch): "ekf-\(batch.name)"
    }
  }

  var summary: String {
    switch self {
    case .energy: "the energy of 192 atoms, list kept"
    case .potential: "energy and forces from coordinates, list kept"
    case .gradient: "the gradient of the loss by all weights"
    case .jacobian: "J by all weights, each label in a structure of its own"
    case .adam: "a whole step of Adam"
    case .ekf: "a whole step of the Kalman filter with a full covariance"
    }
  }

  static let all: [MessagePart] = [
    .energy, .potential, .gradient(.energies(10)), .gradient(.structures(10)),
    .jacobian(.energies(1)), .jacobian(.energies(10)), .jacobian(.forces(10)),
    .adam(.structures(10)), .ekf(.energies(10)), .ekf(.forces(10)),
  ]
}

/// The labels of an update.
enum MessageBatch: Hashable, Sendable {
  /// Energies, or force components, of as many structures.
  case energies(Int), forces(Int)
  /// All energies and forces of some structures.
  case structures(Int)

  var name: String {
    switch self {
    case .energies(let count): "energy-\(count)"
    case .forces(let count): "force-\(count)"
    case .structures(let count): "structures-\(count)"
    }
  }

  var count: Int {
    switch self {
    case .energies(let count), .forces(let count), .structures(let count): count
    }
  }

  var schedule: any BatchSchedule {
    switch self {
    case .energies(let count): RandomLabels(["energy": count])
    case .forces(let count): RandomLabels(["force": count])
    case .structures(let count): WholeStructures(perStep: count)
    }
  }

  /// One label of each of the first structures: its energy, or a component of one of its forces.
  func numbers(componentsEach: Int) -> [Int] {
    switch self {
    case .energies, .structures: Array(0..<count)
    case .forces: (0..<count).map { $0 * componentsEach + 37 * $0 % componentsEach }
    }
  }
}

extension MessageBatch {
  fileprivate var unit: Yield.Unit {
    if case .structures = self { .structures } else { .labels }
  }
}
