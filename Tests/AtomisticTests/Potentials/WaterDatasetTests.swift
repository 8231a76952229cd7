import Atomistic
import Tensors
import Testing

@Suite("Frames of liquid water")
struct WaterDatasetTests {
  static var quick: WaterDataset.Sampling {
    var sampling = WaterDataset.Sampling()
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
}
