internal import Atomistic
internal import Tensors

/// A model that a simulator has loaded: its numbers where the KIM API reads them, and its program.
///
/// The program is compiled at the first computation, as simulators often make a model only to ask for its
/// species. A simulator calls one model from one thread at a time.
final class LoadedModel {
  /// The elements; the code of a species is the place of its element.
  let elements: [Element]
  /// The distance up to which copies of atoms are wanted, in the simulator's unit.
  let influenceDistance: UnsafeMutablePointer<Double>
  /// The cutoff of the neighbour list, in the simulator's unit.
  let cutoff: UnsafeMutablePointer<Double>
  /// Whether the neighbours of copies are of no use: 1 or 0.
  let ignoresNeighborsOfCopies: UnsafeMutablePointer<Int32>

  /// How far beyond the cutoff pairs are kept from one computation to the next, in the simulator's unit;
  /// a parameter that a simulator may change.
  let skin: UnsafeMutablePointer<Double>

  private let model: PortableModel
  private let units: SimulatorUnits.Factors
  private var evaluation: (any Evaluation)?
  private var domain = Domain()

  init(_ model: PortableModel, units: SimulatorUnits.Factors) {
    self.model = model
    self.units = units
    let potential = model.model.potential
    let depth = potential.interactionDepth
    elements = potential.elements
    influenceDistance = .allocate(capacity: 1)
    influenceDistance.initialize(to: Double(depth) * potential.cutoff * units.length)
    cutoff = .allocate(capacity: 1)
    cutoff.initialize(to: potential.cutoff * units.length)
    ignoresNeighborsOfCopies = .allocate(capacity: 1)
    ignoresNeighborsOfCopies.initialize(to: depth == 1 ? 1 : 0)
    skin = .allocate(capacity: 1)
    skin.initialize(to: Self.usualSkin * units.length)
  }

  deinit {
    influenceDistance.deallocate()
    cutoff.deallocate()
    ignoresNeighborsOfCopies.deallocate()
    skin.deallocate()
  }

  /// The skin that is good for most systems, in angstrom.
  private static let usualSkin = 0.5

  /// Takes over a changed skin: the next computation compiles the model for it.
  func refresh() throws(KIMError) {
    guard skin.pointee >= 0, skin.pointee.isFinite else {
      throw KIMError("expected a skin that is not negative, found \(skin.pointee)")
    }
    evaluation = nil
  }

  /// The model behind a pointer that the KIM API has kept.
  static func at(_ pointer: UnsafeMutableRawPointer?) throws(KIMError) -> LoadedModel {
    guard let pointer else { throw KIMError("the KIM API has lost the model") }
    return Unmanaged.fromOpaque(pointer).takeUnretainedValue()
  }

  /// Computes what a simulator asks for.
  func compute(_ arguments: ComputeArguments) throws {
    try arguments.read(into: &domain, elements: elements, angstrom: units.length)
    let evaluation = evaluation ?? compiled()
    self.evaluation = evaluation
    try evaluation.evaluate(domain) { arguments.neighbors(of: $0) }
    arguments.writeEnergies(evaluation, electronVolt: units.energy)
    arguments.writeForces(evaluation, unit: units.force)
    arguments.writeVirial(evaluation, electronVolt: units.energy)
    try arguments.writeParticleVirials(evaluation, electronVolt: units.energy)
  }

  private func compiled() -> any Evaluation {
    let (potential, skin) = (model.model.potential, skin.pointee / units.length)
    return switch model.options.precision {
    case .float32: DomainCalculator<Float>(potential, state: model.model.state(), skin: skin)
    case .float64: DomainCalculator<Double>(potential, state: model.model.state(), skin: skin)
    }
  }
}

/// A calculator of either precision.
protocol Evaluation: AnyObject {
  var energy: Double { get }
  var atomicEnergies: [Double] { get }
  var forces: [SIMD3<Double>] { get }
  var strainGradient: Matrix3 { get }

  func evaluate(
    _ domain: Domain, neighborsOf: (Int) -> UnsafeBufferPointer<Int32>?
  ) throws(PotentialError)
  func atomicStrainGradients() throws(PotentialError) -> [Matrix3]
}

extension DomainCalculator: Evaluation {}
