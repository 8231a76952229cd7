import Graph
import Tensors
import Train

/// Case 6: a training by the random-label schedule, one energy or ten force components a step.
struct TrainingCase<Scalar: RealScalar, Method: Optimizer> {
  let optimizer: Method
  var steps = 10_000

  func measure(_ name: String, _ context: BenchmarkContext) throws -> BenchmarkResult {
    let water = try context.water(Scalar.self, structures: context.isQuick ? 8 : 64)
    PeakMemory.reset()
    let trainer = try Trainer(
      water.labels, optimizer: optimizer, seed: 1, workers: context.workers)
    let blocks = context.isQuick ? 4 : 100
    let stepsInBlock = context.isQuick ? 5 : steps / blocks
    let samples = try (0..<blocks).map { _ in
      let time = try ContinuousClock().measure {
        for _ in 0..<stepsInBlock { try trainer.advance() }
      }
      return time / .seconds(1) / Double(stepsInBlock)
    }
    return BenchmarkResult(
      name: name, time: Summary(samples, callsPerSample: stepsInBlock), yield: Yield(1, .steps),
      peakMemory: PeakMemory.bytes)
  }
}
