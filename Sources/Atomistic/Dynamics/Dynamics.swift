import Glibc
public import Graph
public import Tensors

/// A trajectory of atoms under a potential, step by step.
///
/// Each step is velocity Verlet with the thermostat and the barostat in its middle:
///
///     v += a Δt/2;  x += v Δt/2;  thermostat, barostat;  x += v Δt/2;  a = F(x)/m;  v += a Δt/2
///
/// Without them this is velocity Verlet; with a Langevin thermostat it is the splitting BAOAB. So
/// forces always belong to the positions at the end of the step. There are no constraints. Atoms are
/// not moved back into the cell: displacements over any time are differences of positions.
///
/// A step that fails leaves the trajectory where it was before.
///
/// Source: B. Leimkuhler, C. Matthews, J. Chem. Phys. 138, 174102 (2013).
public final class Dynamics<Scalar: RealScalar> {
  /// The settings of the trajectory; thermostat, barostat and limits may be changed on the way.
  public var settings: DynamicsSettings {
    didSet {
      ensure(
        settings.skin == oldValue.skin
          && settings.computesPressure == oldValue.computesPressure
          && settings.ensemble.conservesMomentum == oldValue.ensemble.conservesMomentum,
        "Dynamics: skin, pressure and momentum are settled at the start")
    }
  }

  /// The number of steps done.
  public internal(set) var step = 0
  /// The atoms as they are now, without velocities and labels; see `frame` for all.
  public internal(set) var structure: Structure
  /// The velocities in angstrom/fs.
  public internal(set) var velocities: [SIMD3<Double>]
  /// Counts of atoms outside of the ranges of the training set; nil for models without ranges.
  public internal(set) var extrapolations: ExtrapolationCount?

  /// What computes the forces.
  package let calculator: Calculator<Scalar>
  let inertia: Inertia
  let freedom: Int
  private let watch: ExtrapolationWatch?
  var random: RandomStream
  /// The kinetic energy in the middle of the last step, behind thermostat and barostat.
  var kineticEnergyInside: Double
  /// What thermostat and barostat have put in.
  var exchangedEnergy = 0.0
  private var good: GoodState

  /// The state before the step, to which a failed step returns.
  private struct GoodState {
    var step = 0
    var positions: [SIMD3<Double>] = []
    var velocities: [SIMD3<Double>] = []
    var cell: Cell?
    var random: RandomStream
    var kineticEnergyInside = 0.0
    var exchangedEnergy = 0.0
  }

  /// Starts a trajectory.
  ///
  /// Where momentum is conserved, the velocity of the centre of mass is subtracted.
  ///
  /// - Parameters:
  ///   - start: Where to start; its velocities are kept if it has any.
  ///   - potential: The source of forces.
  ///   - state: The weights of the potential; by default the initial values of its variables.
  ///   - settings: How to go on.
  ///   - temperature: The temperature in kelvin at which velocities are drawn if there are none.
  ///   - random: The stream of velocities and noise.
  ///   - workers: The threads that the computation of forces may share.
  /// - Throws: A `DynamicsError` where the potential does not fit the structure, the structure is
  ///   beyond the limits, or a barostat finds no cell.
  public convenience init(
    _ start: Structure, _ potential: any Potential, state: State<Scalar>? = nil,
    settings: DynamicsSettings, temperature: Double, random: RandomStream,
    workers: Workers = Workers(count: 1)
  ) throws(DynamicsError) {
    let inertia = Inertia(start.elements)
    var random = random
    var velocities =
      start.velocities ?? inertia.thermalVelocities(temperature: temperature, random: &random)
    if settings.ensemble.conservesMomentum, start.count > 1 { inertia.removeDrift(&velocities) }
    self.init(
      atoms: start, velocities: velocities, potential, state: state, settings: settings,
      random: random, workers: workers)
    guard settings.ensemble.barostat == nil || start.cell?.periodicity == .all else {
      throw .noCell
    }
    try evaluate(atStep: 0)
    countExtrapolations()
    try settings.limits.check(sample)
  }

  /// Compiles the model; forces are not known yet.
  init(
    atoms: Structure, velocities: [SIMD3<Double>], _ potential: any Potential,
    state: State<Scalar>?, settings: DynamicsSettings, random: RandomStream, workers: Workers
  ) {
    let watch = settings.extrapolation == .ignore ? nil : ExtrapolationWatch(potential)
    calculator = Calculator(
      potential, state: state, skin: settings.skin, computesStress: settings.computesPressure,
      workers: workers, observing: { watch?.observables($0) ?? [] })
    self.watch = watch
    extrapolations = watch.map { _ in ExtrapolationCount() }
    structure = Structure(elements: atoms.elements, positions: atoms.positions, cell: atoms.cell)
    inertia = Inertia(atoms.elements)
    self.velocities = velocities
    self.settings = settings
    self.random = random
    let isFree = settings.ensemble.conservesMomentum && atoms.count > 1
    freedom = 3 * atoms.count - (isFree ? 3 : 0)
    kineticEnergyInside = inertia.kineticEnergy(velocities)
    good = GoodState(random: random)
  }

  /// Does one step.
  ///
  /// - Throws: A `DynamicsError` where energy or forces cannot be computed or are not finite, or the
  ///   limits are left; the trajectory is then where it was before the step. Where values are
  ///   outside of the training range too often, the step is done.
  public func advance() throws(DynamicsError) {
    remember()
    do throws(DynamicsError) {
      try move()
      try settings.limits.check(sample)
    } catch {
      goBack()
      throw error
    }
    countExtrapolations()
    if case .stop(let allowed) = settings.extrapolation, let count = extrapolations,
      count.total > allowed, let last = count.last
    {
      throw .extrapolation(last, count: count.total, allowed: allowed, step: step)
    }
  }

  private func move() throws(DynamicsError) {
    let half = settings.timestep / 2
    inertia.kick(&velocities, by: calculator.forces, during: half)
    drift(half)
    var kinetic = inertia.kineticEnergy(velocities)
    if let thermostat = settings.ensemble.thermostat {
      let before = kinetic
      kinetic = thermostat.act(
        on: &velocities, kineticEnergy: kinetic, inertia: inertia, freedom: freedom,
        timestep: settings.timestep, random: &random)
      exchangedEnergy += kinetic - before
    }
    let virial = calculator.strainGradient.trace
    var dilation = 0.0
    if let thermostat = settings.ensemble.thermostat, let barostat = settings.ensemble.barostat {
      let before = kinetic
      dilation = try dilate(by: barostat, thermostat, kinetic: &kinetic, virial: virial)
      exchangedEnergy += kinetic - before
    }
    kineticEnergyInside = kinetic
    drift(half)
    try evaluate(atStep: step + 1)
    if dilation != 0 {
      // The slope of the energy by ln V in the middle, from both ends of the step.
      exchangedEnergy += dilation / 3 * (virial + calculator.strainGradient.trace) / 2
    }
    inertia.kick(&velocities, by: calculator.forces, during: half)
    step += 1
  }

  private func drift(_ time: Double) {
    for atom in velocities.indices { structure.positions[atom] += time * velocities[atom] }
  }

  /// Changes cell and positions, and returns the change of the logarithm of the volume.
  private func dilate(
    by barostat: Barostat, _ thermostat: Thermostat, kinetic: inout Double, virial: Double
  ) throws(DynamicsError) -> Double {
    guard let cell = structure.cell else { throw .noCell }
    let volume = cell.volume
    let pressure = (2 * kinetic - virial) / (3 * volume)
    let dilation = barostat.dilation(
      volume: volume, pressure: pressure, temperature: thermostat.temperature,
      timestep: settings.timestep, random: &random)
    guard abs(dilation) < 0.3 else { throw .volume(pressure: pressure / Units.bar, step: step + 1) }
    let factor = exp(dilation / 3)
    structure.cell = cell.scaled(by: factor)
    for atom in structure.positions.indices { structure.positions[atom] *= factor }
    if barostat.method == .rescaling {
      for atom in velocities.indices { velocities[atom] /= factor }
      kinetic /= factor * factor
    }
    return dilation
  }

  private func evaluate(atStep step: Int) throws(DynamicsError) {
    do throws(PotentialError) { try calculator.evaluate(structure) } catch {
      throw .potential(error, step: step)
    }
  }

  private func countExtrapolations() {
    guard let watch, extrapolations != nil else { return }
    watch.add(structure, by: calculator, to: &extrapolations!)
  }

  // MARK: - Going back

  private func remember() {
    if good.positions.count == structure.count {
      for atom in velocities.indices {
        good.positions[atom] = structure.positions[atom]
        good.velocities[atom] = velocities[atom]
      }
    } else {
      good.positions = structure.positions.map { $0 }
      good.velocities = velocities.map { $0 }
    }
    good.step = step
    good.cell = structure.cell
    good.random = random
    good.kineticEnergyInside = kineticEnergyInside
    good.exchangedEnergy = exchangedEnergy
  }

  private func goBack() {
    for atom in velocities.indices {
      structure.positions[atom] = good.positions[atom]
      velocities[atom] = good.velocities[atom]
    }
    step = good.step
    structure.cell = good.cell
    random = good.random
    kineticEnergyInside = good.kineticEnergyInside
    exchangedEnergy = good.exchangedEnergy
    // It could be computed before, so it can be now.
    try? calculator.evaluate(structure)
  }

  // MARK: - What there is to see

  /// What can be said of the last step.
  public var sample: DynamicsSample {
    let cell = structure.cell.flatMap { $0.periodicity == .all ? $0 : nil }
    let volume = cell?.volume
    let virial = calculator.strainGradient.trace
    return DynamicsSample(
      step: step, time: Double(step) * settings.timestep,
      temperature: 2 * kineticEnergyInside / (Double(freedom) * Units.boltzmann),
      pressure: settings.computesPressure
        ? volume.map { (2 * kineticEnergyInside - virial) / (3 * $0) / Units.bar } : nil,
      volume: volume, density: structure.density, potentialEnergy: calculator.energy,
      kineticEnergy: inertia.kineticEnergy(velocities), exchangedEnergy: exchangedEnergy)
  }

  /// The atoms with velocities, energy, forces and, if it is computed, stress.
  public var frame: Structure {
    var frame = structure
    frame.velocities = velocities
    frame.labels = Labels(
      energy: calculator.energy, forces: calculator.forces, stress: calculator.stress)
    return frame
  }

  /// The total momentum in eV fs/angstrom.
  package var momentum: SIMD3<Double> { inertia.momentum(velocities) }
}
