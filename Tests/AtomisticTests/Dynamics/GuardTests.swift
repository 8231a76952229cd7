import Atomistic
import Layers
import Tensors
import TestSupport
import Testing

@Suite("Guards of a trajectory")
struct GuardTests {
  @Test("a step that fails leaves the trajectory where it was", arguments: [0.5, 40])
  func failure(timestep: Double) throws {
    let dynamics = try DynamicsFixtures.dynamics(
      DynamicsFixtures.water, FlexibleWater(), .nvt(Thermostat(temperature: 300)),
      timestep: timestep, limits: DynamicsLimits(temperature: timestep < 1 ? 420 : nil))
    var last = dynamics.sample
    var frame = dynamics.frame
    let error = try #require(throws: DynamicsError.self) {
      for _ in 0..<3000 {
        (last, frame) = (dynamics.sample, dynamics.frame)
        try dynamics.advance()
      }
    }
    let sentence = "\(error)"
    #expect(sentence.hasPrefix("step \(last.step + 1): "), "\(sentence)")
    if timestep < 1 { #expect(sentence.contains("at most 420.0 K")) }
    #expect(dynamics.sample.step == last.step)
    #expect(dynamics.structure.positions == frame.positions)
    #expect(dynamics.velocities == frame.velocities)
    #expect(abs(dynamics.sample.totalEnergy - last.totalEnergy) < 1e-8 * abs(last.totalEnergy))
    // With the same noise, it fails again in the same way.
    #expect(throws: error) { try dynamics.advance() }
  }

  @Test("a density out of bounds ends the trajectory")
  func density() throws {
    let start = DynamicsFixtures.water
    let ensemble = Ensemble.npt(
      Thermostat(temperature: 300), Barostat(.berendsen, pressure: -50_000, time: 100))
    let limits = DynamicsLimits(density: 0.8...2)
    let dynamics = try DynamicsFixtures.dynamics(start, FlexibleWater(), ensemble, limits: limits)
    let error = #expect(throws: DynamicsError.self) { try dynamics.advance(5000) }
    guard case .density(let value, 0.8...2, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(value < 0.8 && dynamics.sample.density! >= 0.8)
    #expect(throws: DynamicsError.self) {
      _ = try DynamicsFixtures.dynamics(
        start, FlexibleWater(), .nve, limits: DynamicsLimits(density: 1.1...2))
    }
    let around = DynamicsLimits(around: start, temperature: 400)
    #expect(around.temperature == 4000 && around.density!.contains(start.density!))
  }

  @Test("a pressure that no cell can follow ends the trajectory")
  func jump() throws {
    let ensemble = Ensemble.npt(
      Thermostat(temperature: 300), Barostat(.berendsen, pressure: 1e9, time: 1))
    let dynamics = try DynamicsFixtures.dynamics(
      DynamicsFixtures.water, FlexibleWater(), ensemble)
    let error = #expect(throws: DynamicsError.self) { try dynamics.advance() }
    guard case .volume(_, step: 1) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect("\(error!)".contains("give the barostat more time"))
  }

  /// The network with ranges that all descriptors but the first one of oxygen keep to.
  private var narrow: BehlerParrinello {
    var model = ModelFixtures.network
    for number in model.networks.indices {
      for function in model.networks[number].ranges.indices {
        model.networks[number].ranges[function] = DescriptorRange(
          minimum: -1e3, maximum: 1e3, mean: 0, sigma: 1)
      }
    }
    model.networks[2].ranges[0] = DescriptorRange(minimum: 50, maximum: 60, mean: 55, sigma: 1)
    return model
  }

  @Test("descriptors outside of the training range are counted and named")
  func extrapolation() throws {
    let start = ModelFixtures.crystal
    let dynamics = try DynamicsFixtures.dynamics(start, narrow, .nve, temperature: 100)
    try dynamics.advance(4)
    let count = try #require(dynamics.extrapolations)
    #expect(count.total == 5 && count.steps == 5)
    #expect(count.columns.count == 1)
    let column = try #require(count.columns.first)
    #expect(column.element == .oxygen && column.number == 0 && column.count == 5)
    #expect(column.quantity == "symmetry function")
    let last = try #require(count.last)
    #expect(last.atom == 0 && last.element == .oxygen && last.column == 0)
    let found = try WatchedStructure(dynamics.structure, narrow).found
    #expect(found.count == 1 && abs(found[0].value - last.value) < 1e-10)
    let summary = count.summary
    #expect(
      summary.contains("5 values") && summary.contains("symmetry function number 1 of O"))
  }

  @Test("the same count tells of many structures")
  func summary() throws {
    let watch = try #require(ExtrapolationWatch(narrow))
    #expect(watch.observableCount == 6)
    let calculator = Calculator<Double>(narrow, observing: watch.observables)
    var count = ExtrapolationCount()
    let found = try [ModelFixtures.crystal, ModelFixtures.crystal].map { structure in
      try calculator.evaluate(structure)
      return StructureExtrapolations(watch.add(structure, by: calculator, to: &count))
    }
    #expect(count.total == 2 && count.steps == 2)
    #expect(found[0].values == 1 && found[0].atoms == 1)
    #expect(found[0].first?.atom == 0 && found[0].first?.column == 0)
    let inside = StructureExtrapolations([])
    #expect(StructureExtrapolations.summary(of: [inside]) == nil)
    let summary = try #require(StructureExtrapolations.summary(of: [inside] + found))
    #expect(
      summary.hasPrefix(
        "2 values of 2 atoms in 2 of 3 structures outside of the training range; the first: "
          + "structure 2, atom 0 (O, counted from 0): symmetry function number 1 is "), "\(summary)"
    )
    #expect(ExtrapolationWatch(FlexibleWater()) == nil)
  }

  @Test("values outside of the ranges are found, with a tolerance for round-off")
  func tolerance() throws {
    let structure = ModelFixtures.crystal
    let values = try WatchedStructure(structure, narrow).descriptors
    var model = narrow
    for number in model.networks.indices {
      for function in model.networks[number].ranges.indices {
        let column = values[number].map { $0[function] }
        // The largest value passes its end by round-off.
        let (low, high) = (column.min()!, column.max()!)
        model.networks[number].ranges[function] = DescriptorRange(
          minimum: low, maximum: max(low, high * (1 - 1e-9)), mean: 0, sigma: 1)
      }
    }
    #expect(try WatchedStructure(structure, model).found.isEmpty)
    let rows = values[0]
    let (low, high) = (rows.map { $0[3] }.min()!, rows.map { $0[3] }.max()!)
    let width = (high - low) / 1.25
    model.networks[0].ranges[3] = DescriptorRange(
      minimum: low, maximum: low + width, mean: 0, sigma: 1)
    let found = try WatchedStructure(structure, model).found
    let outside = structure.elements.indices.filter { structure.elements[$0] == .hydrogen }
    #expect(outside.count == rows.count && found.count == 1)
    let first = try #require(found.first)
    #expect(rows[outside.firstIndex(of: first.atom)!][3] == high)
    #expect(first.column == 3 && abs(first.distance - 0.25) < 1e-9)
  }

  @Test("the policy decides what follows")
  func policy() throws {
    let start = ModelFixtures.crystal
    let stopped = try DynamicsFixtures.dynamics(
      start, narrow, .nve, temperature: 100, extrapolation: .stop(after: 3))
    let error = #expect(throws: DynamicsError.self) { try stopped.advance(10) }
    guard case .extrapolation(let found, count: 4, allowed: 3, step: 3) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(found.element == .oxygen && stopped.step == 3)
    let ignored = try DynamicsFixtures.dynamics(
      start, narrow, .nve, temperature: 100, extrapolation: .ignore)
    try ignored.advance(3)
    #expect(ignored.extrapolations == nil)
    // The count changes nothing about the trajectory.
    #expect(ignored.structure.positions == stopped.structure.positions)
  }
}
