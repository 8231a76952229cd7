import Synchronization
public import Tensors

/// Frames of liquid water, made and labelled with the classical water model.
public enum WaterDataset {
  /// How frames are sampled.
  public struct Sampling: Hashable, Sendable {
    /// The time step in fs.
    public var timestep = 0.5
    /// The steps with strong friction that a lattice of molecules takes to become a liquid.
    public var equilibrationSteps = 1200
    /// The steps from one frame of a trajectory to the next.
    public var interval = 150
    /// The friction while frames are taken, in 1/fs.
    public var friction = 0.01
    /// The friction before, in 1/fs.
    public var equilibrationFriction = 0.05

    /// Makes the standard choice.
    public init() {}
  }

  /// Makes frames at all combinations of densities and temperatures, in eV and angstrom.
  ///
  /// Each combination is at least one trajectory of its own, with a random stream of its own: the
  /// same seed gives the same frames, whatever the number of threads. Combinations get equal numbers
  /// of frames, the first ones one more where these do not divide.
  ///
  /// - Parameters:
  ///   - frames: The number of frames.
  ///   - molecules: The number of molecules in a frame.
  ///   - densities: The mass densities in g/mL.
  ///   - temperatures: The temperatures in kelvin.
  ///   - seed: The seed of all random numbers.
  ///   - sampling: How frames are sampled.
  ///   - model: The water model.
  ///   - workers: The threads that trajectories are shared among.
  ///   - progress: Called with the number of frames done, from any thread.
  /// - Returns: The frames of one trajectory after another, with energy, forces and stress.
  /// - Throws: A `DynamicsError` if a trajectory leaves the realm of the model.
  public static func generate(
    frames: Int, molecules: Int = 64, densities: [Double] = [0.9, 1.0, 1.1],
    temperatures: [Double] = [300, 400], seed: UInt64, sampling: Sampling = Sampling(),
    model: FlexibleWater = FlexibleWater(), workers: Workers = Workers(count: 1),
    progress: @Sendable (Int) -> Void = { _ in }
  ) throws(DynamicsError) -> [Structure] {
    ensure(
      !densities.isEmpty && !temperatures.isEmpty,
      "WaterDataset: at least one density and one temperature are needed")
    let points = densities.flatMap { density in temperatures.map { (density, $0) } }
    let done = Mutex(0)
    let results = Mutex<[Int: Result<[Structure], DynamicsError>]>([:])
    workers.forEach(points.count) { number in
      let own = frames / points.count + (number < frames % points.count ? 1 : 0)
      let (density, temperature) = points[number]
      var random = RandomStream(seed: seed, stream: UInt64(number))
      let result = Result { () throws(DynamicsError) -> [Structure] in
        guard own > 0 else { return [] }
        let start = WaterBox.structure(
          molecules: molecules, density: density, bondLength: model.parameters.bondLength,
          angle: model.parameters.angle, random: &random)
        func ensemble(friction: Double) -> Ensemble {
          .nvt(Thermostat(.langevin, temperature: temperature, time: 1 / friction))
        }
        let dynamics = try Dynamics<Double>(
          start, model,
          settings: DynamicsSettings(
            ensemble(friction: sampling.equilibrationFriction), timestep: sampling.timestep,
            skin: 0.6, computesPressure: false),
          temperature: temperature, random: random)
        for _ in 0..<sampling.equilibrationSteps { try dynamics.advance() }
        dynamics.settings.ensemble = ensemble(friction: sampling.friction)
        let labeller = Calculator<Double>(model, skin: 0)
        var trajectory: [Structure] = []
        for frame in 0..<own {
          for _ in 0..<sampling.interval { try dynamics.advance() }
          var structure = dynamics.structure
          if let cell = structure.cell {
            structure.positions = structure.positions.map(cell.wrapped)
          }
          do throws(PotentialError) { structure.labels = try labeller(structure) } catch {
            throw DynamicsError.potential(error, step: dynamics.step)
          }
          structure.name = "\(density) g/mL, \(temperature) K, frame \(frame)"
          trajectory.append(structure)
          let count = done.withLock {
            $0 += 1
            return $0
          }
          progress(count)
        }
        return trajectory
      }
      results.withLock { $0[number] = result }
    }
    var structures: [Structure] = []
    for number in points.indices {
      if let result = results.withLock({ $0[number] }) { structures += try result.get() }
    }
    return structures
  }
}
