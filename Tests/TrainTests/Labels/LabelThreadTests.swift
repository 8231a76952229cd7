import Atomistic
import Tensors
import TestSupport
import Testing
import Train

@Suite("Training on labelled structures by threads")
struct LabelThreadTests {
  static let schedules: [any BatchSchedule] = [
    RandomLabels(["energy": 2, "force": 9, "stress": 4]), WholeStructures(perStep: 2),
  ]

  private func weights(
    _ example: LabelCase, _ schedule: any BatchSchedule, _ optimizer: some Optimizer, threads: Int
  ) throws -> [Double] {
    let training = try PotentialTraining<Double>(
      example.model.potential, LabelCase.data(), terms: LabelCase.terms, schedule: schedule,
      optimizer: optimizer, seed: 2, workers: Workers(count: threads))
    for _ in 0..<8 { try training.trainer.advance() }
    return training.model.parameters
  }

  @Test(
    "one and two threads find the same weights to the last bit", arguments: LabelCase.all,
    schedules.indices)
  func sameBits(of example: LabelCase, number: Int) throws {
    let schedule = Self.schedules[number]
    let adam = Adam(learningRate: .constant(0.01))
    let start = ModelFixtures.randomized(example.model.potential, seed: 2).parameters
    let first = try weights(example, schedule, adam, threads: 1)
    #expect(first != start && first.allSatisfy(\.isFinite))
    #expect(try weights(example, schedule, adam, threads: 2) == first)
    let filter = ExtendedKalmanFilter()
    let second = try weights(example, schedule, filter, threads: 1)
    #expect(second != start && second.allSatisfy(\.isFinite))
    #expect(try weights(example, schedule, filter, threads: 2) == second)
  }
}
