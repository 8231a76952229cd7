import Atomistic
import Tensors
import TestSupport
import Testing

@Suite("Trajectories")
struct DynamicsTests {
  /// The largest deviation of the energy from its first value over some time.
  private func deviation(
    _ start: Structure, _ potential: any Potential, temperature: Double, timestep: Double,
    steps: Int
  ) throws -> Double {
    let dynamics = try DynamicsFixtures.dynamics(
      start, potential, .nve, timestep: timestep, temperature: temperature)
    let first = dynamics.sample.totalEnergy
    var largest = 0.0
    for _ in 0..<steps {
      try dynamics.advance()
      largest = max(largest, abs(dynamics.sample.totalEnergy - first))
      #expect(dynamics.sample.totalEnergy == dynamics.sample.conservedEnergy)
    }
    return largest
  }

  @Test("the error of the energy is of second order in the time step")
  func order() throws {
    let cases: [(Structure, any Potential, Double, Double, Int)] = [
      (DynamicsFixtures.crystal, DynamicsFixtures.argon, 80, 8, 120),
      (DynamicsFixtures.water, FlexibleWater(), 300, 0.5, 120),
    ]
    for (start, potential, temperature, timestep, steps) in cases {
      let errors = try [1, 2, 4].map {
        try deviation(
          start, potential, temperature: temperature, timestep: timestep / Double($0),
          steps: steps * $0)
      }
      for (coarse, fine) in zip(errors, errors.dropFirst()) {
        #expect(abs(coarse / fine - 4) < 0.8, "\(errors)")
      }
    }
  }

  @Test("the energy does not drift")
  func drift() throws {
    let dynamics = try DynamicsFixtures.dynamics(
      DynamicsFixtures.crystal, DynamicsFixtures.argon, .nve, timestep: 4, temperature: 60)
    try dynamics.advance(200)
    let halves = try (0..<2).map { _ in
      try (0..<1500).reduce(0.0) { sum, _ in
        try dynamics.advance()
        return sum + dynamics.sample.totalEnergy / 1500
      }
    }
    #expect(abs(halves[1] - halves[0]) / 32 < 1e-6)
  }

  @Test("an oscillator has the period of velocity Verlet")
  func oscillator() throws {
    // Near its minimum the well is a parabola of stiffness 72 ε / (2^(1/3) σ²), except for the shift.
    let model = LennardJones(
      [.init(.argon, .argon): .init(epsilon: 0.0103, sigma: 3.405)], cutoff: 300)
    let minimum = 3.405 * 1.122462048309373
    let start = Structure(
      elements: [.argon, .argon], positions: [.zero, [minimum + 1e-4, 0, 0]],
      velocities: [.zero, .zero])
    let dynamics = try DynamicsFixtures.dynamics(start, model, .nve, timestep: 20)
    let unit = Units.atomicMassAngstromSquaredPerFemtosecondSquared
    let stiffness = 72 * 0.0103 / (1.2599210498948732 * 3.405 * 3.405)
    let square = stiffness / (Element.argon.mass * unit / 2)
    // x(n + 1) = (2 - ω² Δt²) x(n) - x(n - 1)
    var (last, now) = (1e-4, 1e-4 * (1 - square * 400 / 2))
    for step in 0..<40 {
      try dynamics.advance()
      let stretch = dynamics.structure.positions[1].x - dynamics.structure.positions[0].x - minimum
      #expect(abs(stretch - now) < 2e-7, "step \(step)")
      (last, now) = (now, (2 - square * 400) * now - last)
    }
  }

  @Test(
    "the centre of mass stays at rest", arguments: DynamicsFixtures.ensembles)
  func momentum(ensemble: Ensemble) throws {
    let dynamics = try DynamicsFixtures.dynamics(
      DynamicsFixtures.water, FlexibleWater(), ensemble)
    try dynamics.advance(100)
    let isAtRest = dynamics.momentum.length < 1e-10
    #expect(isAtRest == ensemble.conservesMomentum)
  }

  @Test("energies less the work of thermostat and barostat are conserved")
  func exchange() throws {
    for ensemble in DynamicsFixtures.ensembles {
      let dynamics = try DynamicsFixtures.dynamics(
        DynamicsFixtures.water, FlexibleWater(), ensemble, timestep: 0.25)
      let first = dynamics.sample
      try dynamics.advance(200)
      let last = dynamics.sample
      #expect(abs(last.conservedEnergy - first.conservedEnergy) / 24 < 1e-3, "\(ensemble)")
      #expect((last.exchangedEnergy == 0) == (ensemble == .nve))
    }
  }

  @Test("the pressure is the slope of the energy by the volume, and that of the gas")
  func pressure() throws {
    let start = DynamicsFixtures.water
    let dynamics = try DynamicsFixtures.dynamics(start, FlexibleWater(), .nve)
    let calculator = Calculator<Double>(FlexibleWater())
    let energies = try [1 - 1e-5, 1 + 1e-5].map { factor in
      var scaled = start
      scaled.positions = start.positions.map { $0 * factor }
      scaled.cell = start.cell?.scaled(by: factor)
      return (try calculator(scaled).energy!, scaled.cell!.volume)
    }
    let slope = (energies[1].0 - energies[0].0) / (energies[1].1 - energies[0].1)
    let sample = dynamics.sample
    let gas = 2 * sample.kineticEnergy / (3 * start.cell!.volume)
    #expect(abs(sample.pressure! - (gas - slope) / Units.bar) < 1e-2)

    let free = try DynamicsFixtures.dynamics(
      DynamicsFixtures.gas(10, volume: 5000), IdealGas(), .nve)
    let thermal = 9 * Units.boltzmann * free.sample.temperature / 5000 / Units.bar
    #expect(abs(free.sample.pressure! - thermal) < 1e-9)
  }

  @Test("atoms without a cell have no pressure and refuse to be kept at one")
  func molecule() throws {
    let nve = try DynamicsFixtures.dynamics(ModelFixtures.waterMolecule, FlexibleWater(), .nve)
    try nve.advance(10)
    #expect(nve.sample.pressure == nil && nve.sample.density == nil)
    #expect(nve.frame.labels.stress == nil && nve.frame.labels.forces?.count == 3)
    let ensemble = DynamicsFixtures.ensembles.last!
    #expect(throws: DynamicsError.noCell) {
      _ = try DynamicsFixtures.dynamics(ModelFixtures.waterMolecule, FlexibleWater(), ensemble)
    }
  }

  @Test("a structure that repeats has the density and the energy of one", arguments: [true, false])
  func repetition(moves: Bool) throws {
    var start = DynamicsFixtures.crystal
    if moves { start.velocities = start.positions.map { [0.001 * $0.x, -0.002, 0.0001 * $0.y] } }
    let large = start.repeated(SIMD3(2, 1, 3))
    #expect(large.count == 6 * 32 && abs(large.density! - start.density!) < 1e-12)
    #expect(large.velocities.map { Array($0[64..<96]) } == start.velocities)
    let calculator = Calculator<Double>(DynamicsFixtures.argon)
    let energies = try [start, large].map { try calculator($0).energy! }
    #expect(abs(energies[1] - 6 * energies[0]) < 1e-10)
  }
}

@Suite("Lists of neighbours on the way")
struct VerletListTests {
  static let cases: [(Structure, any Potential, Double, Double)] = [
    (DynamicsFixtures.crystal, DynamicsFixtures.argon, 3000, 2),
    (DynamicsFixtures.water, FlexibleWater(), 900, 0.5),
    (ModelFixtures.crystal, ModelFixtures.network, 3000, 0.5),
  ]

  @Test("a hot trajectory has the forces of new lists", arguments: cases.indices)
  func fresh(number: Int) throws {
    let (start, potential, temperature, timestep) = Self.cases[number]
    let ensemble = Ensemble.npt(
      Thermostat(temperature: temperature, time: 20), Barostat(pressure: 1000, time: 200))
    let dynamics = try DynamicsFixtures.dynamics(
      start, potential, ensemble, timestep: timestep, temperature: temperature,
      extrapolation: .ignore)
    let fresh = Calculator<Double>(potential, skin: 0)
    for step in 0..<200 {
      try dynamics.advance()
      guard step % 10 == 9 else { continue }
      let (frame, labels) = (dynamics.frame, try fresh(dynamics.structure))
      #expect(abs(frame.labels.energy! - labels.energy!) < 1e-9)
      for (old, new) in zip(frame.labels.forces!, labels.forces!) {
        #expect((old - new).length < 1e-9 * (1 + new.length))
      }
      #expect(frame.labels.stress!.difference(labels.stress!) < 1e-10)
    }
    #expect((2...100).contains(dynamics.calculator.listCount), "\(dynamics.calculator.listCount)")
  }

  @Test("pairs beyond the cutoff give exactly nothing")
  func beyond() throws {
    let molecule = ModelFixtures.waterMolecule
    let models: [(any Potential, Structure)] = [
      (DynamicsFixtures.argon, Structure(elements: [.argon], positions: [.zero])),
      (FlexibleWater(), molecule), (ModelFixtures.network, molecule),
    ]
    for (potential, structure) in models {
      let calculator = Calculator<Double>(potential, skin: 4)
      let alone = try calculator(structure)
      let aloneStrain = calculator.strainGradient
      var two = structure
      two.elements += structure.elements
      // Every atom of the one is beyond the cutoff of every atom of the other, but listed.
      two.positions += structure.positions.map { $0 + [potential.cutoff + 1.5, 0, 0] }
      let pairs = try NeighborList(two, cutoff: potential.cutoff, skin: 4).count
      #expect(try NeighborList(two, cutoff: potential.cutoff).count < pairs)
      let labels = try calculator(two)
      #expect(labels.energy! == 2 * alone.energy! || structure.count > 1)
      #expect(abs(labels.energy! - 2 * alone.energy!) < 1e-14 * (1 + abs(alone.energy!)))
      for (atom, force) in labels.forces!.enumerated() {
        #expect((force - alone.forces![atom % structure.count]).length < 1e-13)
      }
      #expect(calculator.strainGradient.difference(aloneStrain * 2) < 1e-12)
      if structure.count == 1 { #expect(labels.forces!.allSatisfy { $0 == .zero }) }
    }
  }
}
