public import Graph
import Synchronization
public import Tensors

/// Structures sampled by molecular dynamics under a potential, and labelled with that potential.
public enum DynamicsDataset {
  /// How frames are sampled.
  public struct Sampling: Hashable, Sendable {
    /// The time step in fs.
    public var timestep = 0.5
    /// The steps before the first frame is due, with strong friction if there is a thermostat.
    public var equilibrationSteps = 1200
    /// The steps from one frame of a trajectory to the next.
    public var interval = 150
    /// Whether there is no thermostat: the temperature is then that of the drawn velocities alone.
    public var conservesEnergy = false
    /// The friction of the Langevin thermostat while frames are taken, in 1/fs.
    public var friction = 0.01
    /// The friction before, in 1/fs.
    public var equilibrationFriction = 0.05

    /// Makes the standard choice.
    public init() {}

    /// The ensemble at a temperature in kelvin.
    fileprivate func ensemble(_ temperature: Double, friction: Double) -> Ensemble {
      conservesEnergy
        ? .nve : .nvt(Thermostat(.langevin, temperature: temperature, time: 1 / friction))
    }
  }

  /// A trajectory that frames are taken from.
  public struct Trajectory: Sendable {
    /// The origin, for the names of its frames.
    public var name: String
    /// The temperature of velocities and thermostat in kelvin.
    public var temperature: Double
    /// What ends it with an error.
    public var limits: DynamicsLimits
    /// Makes the first structure, with random numbers of the trajectory's own stream.
    public var start: @Sendable (inout RandomStream) -> Structure

    /// Describes a trajectory by what makes its first structure.
    public init(
      name: String, temperature: Double, limits: DynamicsLimits = DynamicsLimits(),
      start: @escaping @Sendable (inout RandomStream) -> Structure
    ) {
      (self.name, self.temperature) = (name, temperature)
      (self.limits, self.start) = (limits, start)
    }
  }

  /// Trajectories from each structure at each temperature, within `DynamicsLimits(around:temperature:)`.
  ///
  /// Velocities and labels of the structures are left out.
  public static func trajectories(
    from structures: [Structure], temperatures: [Double]
  ) -> [Trajectory] {
    structures.enumerated().flatMap { number, structure in
      let start = Structure(
        elements: structure.elements, positions: structure.positions, cell: structure.cell)
      return temperatures.map { temperature in
        Trajectory(
          name: "start \(number + 1), \(temperature) K", temperature: temperature,
          limits: DynamicsLimits(around: start, temperature: temperature), start: { _ in start })
      }
    }
  }

  /// Runs trajectories and labels their frames, in eV and angstrom.
  ///
  /// Each trajectory has a random stream of its own: the same seed gives the same frames, whatever
  /// the number of threads. Trajectories get equal numbers of frames, the first ones one more where
  /// these do not divide. Atoms are moved back into the cell.
  ///
  /// - Parameters:
  ///   - frames: The number of frames.
  ///   - trajectories: Where they are taken from.
  ///   - potential: What moves the atoms, and labels them.
  ///   - state: Gives the weights of the potential, once for each trajectory; by default the initial
  ///     values of its variables.
  ///   - seed: The seed of all random numbers.
  ///   - sampling: How frames are sampled.
  ///   - workers: The threads that trajectories are shared among.
  ///   - progress: Called with the number of frames done, from any thread.
  /// - Returns: The frames of one trajectory after another, with energy, forces and stress.
  /// - Throws: The `DynamicsError` of the first trajectory that has one.
  public static func generate(
    frames: Int, from trajectories: [Trajectory], potential: any Potential,
    state: @Sendable () -> State<Double>? = { nil }, seed: UInt64,
    sampling: Sampling = Sampling(), workers: Workers = Workers(count: 1),
    progress: @Sendable (Int) -> Void = { _ in }
  ) throws(DynamicsError) -> [Structure] {
    ensure(!trajectories.isEmpty, "DynamicsDataset: at least one trajectory is needed")
    let done = Mutex(0)
    let results = Mutex<[Int: Result<[Structure], DynamicsError>]>([:])
    let (share, rest) = frames.quotientAndRemainder(dividingBy: trajectories.count)
    workers.forEach(trajectories.count) { number in
      let result = Result { () throws(DynamicsError) -> [Structure] in
        try run(
          trajectories[number], frames: share + (number < rest ? 1 : 0), potential, state,
          RandomStream(seed: seed, stream: UInt64(number)), sampling
        ) {
          let count = done.withLock {
            $0 += 1
            return $0
          }
          progress(count)
        }
      }
      results.withLock { $0[number] = result }
    }
    var structures: [Structure] = []
    for number in trajectories.indices {
      if let result = results.withLock({ $0[number] }) { structures += try result.get() }
    }
    return structures
  }

  /// One trajectory; `added` is called after each frame.
  private static func run(
    _ trajectory: Trajectory, frames: Int, _ potential: any Potential,
    _ state: () -> State<Double>?, _ random: RandomStream, _ sampling: Sampling, added: () -> Void
  ) throws(DynamicsError) -> [Structure] {
    guard frames > 0 else { return [] }
    var random = random
    let start = trajectory.start(&random)
    let state = state()
    let dynamics = try Dynamics<Double>(
      start, potential, state: state,
      settings: DynamicsSettings(
        sampling.ensemble(trajectory.temperature, friction: sampling.equilibrationFriction),
        timestep: sampling.timestep, skin: 0.6, limits: trajectory.limits, computesPressure: false),
      temperature: trajectory.temperature, random: random)
    for _ in 0..<sampling.equilibrationSteps { try dynamics.advance() }
    dynamics.settings.ensemble = sampling.ensemble(
      trajectory.temperature, friction: sampling.friction)
    let labeller = Calculator<Double>(potential, state: state, skin: 0)
    var structures: [Structure] = []
    for frame in 0..<frames {
      for _ in 0..<sampling.interval { try dynamics.advance() }
      var structure = dynamics.structure
      if let cell = structure.cell { structure.positions = structure.positions.map(cell.wrapped) }
      do throws(PotentialError) { structure.labels = try labeller(structure) } catch {
        throw DynamicsError.potential(error, step: dynamics.step)
      }
      structure.name = "\(trajectory.name), frame \(frame)"
      structures.append(structure)
      added()
    }
    return structures
  }
}
