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
    let trainer = Trainer(
      WaterLabels(water), optimizer: optimizer, seed: 1, workers: context.workers)
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

/// The labels of the workload as training takes them.
private final class WaterLabels<Scalar: RealScalar>: LabelSource {
  let kinds: [LabelKind]
  private let water: WaterWorkload<Scalar>
  private let batches: [LabelBatch] = [.energies(1), .forces(10)]

  init(_ water: WaterWorkload<Scalar>) {
    self.water = water
    let network = water.network()
    let counts = [water.labels.energies.count, water.labels.forceCount]
    kinds = zip(batches, counts).map { batch, count in
      LabelKind(
        name: batch.kind.rawValue, errors: water.errors(batch, network), count: count,
        labelsPerStep: batch.count)
    }
  }

  func fill(_ feed: Feed<Scalar>, kind: Int, labels: [Int]) {
    water.fill(feed, batches[kind], labels)
  }
}
