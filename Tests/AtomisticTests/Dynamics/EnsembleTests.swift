import Atomistic
import Tensors
import Testing

@Suite("Thermostats and barostats")
struct EnsembleTests {
  @Test("sums of squares have the moments of their distribution", arguments: [0, 1, 2, 3, 7, 573])
  func squares(count: Int) {
    var random = RandomStream(seed: 11, stream: UInt64(count))
    let samples = 20_000
    let values = (0..<samples).map { _ in random.sumOfSquaredNormals(count) }
    let (mean, variance) = moments(values)
    let n = Double(count)
    #expect(abs(mean - n) <= 4 * (2 * n / Double(samples)).squareRoot())
    // The fourth central moment of this distribution is 12 n (n + 4).
    let error = ((12 * n * (n + 4) - 4 * n * n) / Double(samples)).squareRoot()
    #expect(abs(variance - 2 * n) <= 4 * error)
  }

  /// The kinetic energies behind a thermostat that acts again and again on free atoms, in units of
  /// k T.
  private func energies(_ thermostat: Thermostat, atoms: Int, samples: Int) -> [Double] {
    let inertia = Inertia((0..<atoms).map { $0 % 2 == 0 ? .oxygen : .hydrogen })
    var velocities = [SIMD3<Double>](repeating: [0.01, 0, -0.002], count: atoms)
    var random = RandomStream(seed: 21)
    var energy = inertia.kineticEnergy(velocities)
    return (0..<samples + 50).map { _ in
      energy = thermostat.act(
        on: &velocities, kineticEnergy: energy, inertia: inertia, freedom: 3 * atoms,
        timestep: 1, random: &random)
      return energy / (Units.boltzmann * thermostat.temperature)
    }.suffix(samples)
  }

  @Test(
    "canonical thermostats give the canonical distribution of the kinetic energy",
    arguments: [Thermostat.Method.rescaling, .langevin], [1, 4])
  func canonical(method: Thermostat.Method, atoms: Int) {
    let thermostat = Thermostat(method, temperature: 300, time: 1.5)
    let values = energies(thermostat, atoms: atoms, samples: 60_000)
    // Gamma distribution of shape 3 N / 2: mean, variance and third central moment are a, a and 2 a.
    let shape = 1.5 * Double(atoms)
    #expect(abs(moments(values).mean - shape) < 4 * standardError(values))
    let squares = values.map { ($0 - shape) * ($0 - shape) }
    #expect(abs(moments(squares).mean - shape) < 4 * standardError(squares))
    let cubes = zip(values, squares).map { ($0 - shape) * $1 }
    #expect(abs(moments(cubes).mean - 2 * shape) < 4 * standardError(cubes))
  }

  @Test("Berendsen's thermostat relaxes exponentially, and then takes all fluctuations")
  func relaxation() throws {
    let thermostat = Thermostat(.berendsen, temperature: 300, time: 25)
    let dynamics = try DynamicsFixtures.dynamics(
      DynamicsFixtures.gas(20, volume: 8000), IdealGas(), .nvt(thermostat), timestep: 0.5,
      temperature: 900)
    let first = dynamics.sample.temperature
    let decay = Double.exp(.init(repeating: -0.5 / 25))[0]
    var expected = first
    for _ in 0..<200 {
      try dynamics.advance()
      expected = 300 + (expected - 300) * decay
      #expect(abs(dynamics.sample.temperature - expected) < 1e-6)
    }
    let values = energies(thermostat, atoms: 4, samples: 1000).suffix(10)
    #expect(values.allSatisfy { abs($0 - 6) < 1e-9 })
  }

  @Test(
    "stochastic cell rescaling gives an ideal gas the volumes of its ensemble",
    arguments: [Thermostat.Method.rescaling, .langevin])
  func volumes(method: Thermostat.Method) throws {
    // One molecule has 800 cubic angstrom at this pressure.
    let (count, share) = (12, 800.0)
    let pressure = Units.boltzmann * 300 / share / Units.bar
    let thermostat = Thermostat(method, temperature: 300, time: 20)
    let barostat = Barostat(pressure: pressure, time: 80, compressibility: 1 / pressure)
    let dynamics = try DynamicsFixtures.dynamics(
      DynamicsFixtures.gas(count, volume: share * Double(count)), IdealGas(),
      .npt(thermostat, barostat))
    try dynamics.advance(1000)
    let volumes = try (0..<60_000).map { _ in
      try dynamics.advance()
      return dynamics.sample.volume! / share
    }
    // With the centre of mass at rest the density is V^(N-1) exp(-P V/k T), otherwise V^N.
    let shape = Double(dynamics.settings.ensemble.conservesMomentum ? count : count + 1)
    #expect(abs(moments(volumes).mean - shape) < 3 * standardError(volumes))
    let squares = volumes.map { ($0 - shape) * ($0 - shape) }
    #expect(abs(moments(squares).mean - shape) < 3 * standardError(squares))
    #expect(standardError(volumes) < 0.06 * shape)
  }

  @Test("Berendsen's barostat relaxes the volume of a gas to its mean")
  func barostat() throws {
    let share = 800.0
    let pressure = Units.boltzmann * 300 / share / Units.bar
    let ensemble = Ensemble.npt(
      Thermostat(.berendsen, temperature: 300, time: 5),
      Barostat(.berendsen, pressure: pressure, time: 50, compressibility: 1 / pressure))
    let dynamics = try DynamicsFixtures.dynamics(
      DynamicsFixtures.gas(40, volume: share * 20), IdealGas(), ensemble)
    try dynamics.advance(2000)
    // 39 degrees of freedom in three dimensions, as the centre of mass does not move.
    #expect(abs(dynamics.sample.volume! / (39 * share) - 1) < 1e-3)
    #expect(abs(dynamics.sample.pressure! / pressure - 1) < 1e-3)
  }

  @Test("a liquid has the temperature of its thermostat in all its motions")
  func equipartition() throws {
    let dynamics = try DynamicsFixtures.dynamics(
      DynamicsFixtures.water, FlexibleWater(),
      .nvt(Thermostat(.langevin, temperature: 300, time: 30)))
    try dynamics.advance(300)
    let temperatures = try (0..<2500).map { _ in
      try dynamics.advance()
      return dynamics.sample.temperature
    }
    #expect(abs(moments(temperatures).mean - 300) < 3 * standardError(temperatures))
    #expect(standardError(temperatures) < 8)
  }
}
