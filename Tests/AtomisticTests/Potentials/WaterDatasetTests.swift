import Atomistic
import Tensors
import TestSupport
import Testing

@Suite("Frames of liquid water")
struct WaterDatasetTests {
  static var quick: DynamicsDataset.Sampling {
    var sampling = DynamicsDataset.Sampling()
    (sampling.equilibrationSteps, sampling.interval) = (60, 10)
    return sampling
  }

  @Test("a box has the density and whole molecules in all directions")
  func box() throws {
    var random = RandomStream(seed: 4)
    let box = WaterBox.structure(molecules: 30, density: 0.97, random: &random)
    #expect(box.formula == "H60O30")
    #expect(abs(box.density! - 0.97) < 1e-12)
    let calculator = Calculator<Double>(FlexibleWater())
    try calculator.evaluate(box)
    let axes = (0..<30).map { box.positions[3 * $0 + 1] - box.positions[3 * $0] }
    #expect(axes.reduce(.zero, +).length / 30 < 0.4)
    #expect(axes.allSatisfy { abs($0.length - 1.012) < 1e-12 })
  }

  @Test("the same seed gives the same frames for any number of threads")
  func reproducible() throws {
    func frames(seed: UInt64, threads: Int) throws -> [Structure] {
      try WaterDataset.generate(
        frames: 5, molecules: 8, densities: [0.9, 1.0], temperatures: [320], seed: seed,
        sampling: Self.quick, workers: Workers(count: threads))
    }
    let frames = [
      try frames(seed: 1, threads: 1), try frames(seed: 1, threads: 2),
      try frames(seed: 2, threads: 1),
    ]
    #expect(frames[0] == frames[1])
    #expect(frames[0] != frames[2])
    #expect(frames[0].count == 5)
  }

  @Test("labels are those of the model for the wrapped atoms")
  func labels() throws {
    let frames = try WaterDataset.generate(
      frames: 3, molecules: 8, densities: [1.0], temperatures: [300], seed: 3,
      sampling: Self.quick)
    let calculator = Calculator<Double>(FlexibleWater())
    for frame in frames {
      let labels = try calculator(frame)
      #expect(abs(labels.energy! - frame.labels.energy!) < 1e-9)
      #expect(labels.stress!.difference(frame.labels.stress!) < 1e-9)
      #expect(zip(labels.forces!, frame.labels.forces!).allSatisfy { ($0 - $1).length < 1e-9 })
    }
    #expect(frames[0].positions != frames[1].positions)
  }

  @Test("any potential samples from given structures, at constant energy if asked for")
  func givenStarts() throws {
    let argon = LennardJones(
      [.init(.argon, .argon): .init(epsilon: 0.0103, sigma: 3.4)], cutoff: 7)
    let positions = (0..<27).map { number -> SIMD3<Double> in
      let site = SIMD3(number % 3, number / 3 % 3, number / 9)
      return SIMD3<Double>(site) * 5 + 0.3
    }
    var start = Structure(
      elements: .init(repeating: .argon, count: 27), positions: positions, cell: Cell(cubic: 15))
    start.labels.energy = 1
    let trajectories = DynamicsDataset.trajectories(from: [start, start], temperatures: [40, 80])
    #expect(trajectories.map(\.temperature) == [40, 80, 40, 80])
    var sampling = DynamicsDataset.Sampling()
    (sampling.equilibrationSteps, sampling.interval, sampling.timestep) = (0, 20, 4)
    sampling.conservesEnergy = true
    func frames(threads: Int) throws -> [Structure] {
      try DynamicsDataset.generate(
        frames: 6, from: trajectories, potential: argon, seed: 3, sampling: sampling,
        workers: Workers(count: threads))
    }
    let found = try frames(threads: 1)
    #expect(try found == frames(threads: 2))
    #expect(
      found.map { $0.name } == [
        "start 1, 40.0 K, frame 0", "start 1, 40.0 K, frame 1", "start 1, 80.0 K, frame 0",
        "start 1, 80.0 K, frame 1", "start 2, 40.0 K, frame 0", "start 2, 80.0 K, frame 0",
      ])
    // Trajectories with one start and one temperature have streams of their own.
    #expect(found[0].positions != found[4].positions)
    let calculator = Calculator<Double>(argon)
    for frame in found {
      try calculator.evaluate(frame)
      #expect(abs(calculator.energy - frame.labels.energy!) < 1e-9)
      #expect(frame.labels.stress != nil && frame.velocities == nil)
    }
    let hot = DynamicsDataset.Trajectory(
      name: "hot", temperature: 80, limits: DynamicsLimits(temperature: 1),
      start: { [start] _ in start })
    #expect(throws: DynamicsError.self) {
      try DynamicsDataset.generate(frames: 1, from: [hot], potential: argon, seed: 1)
    }
  }
}
