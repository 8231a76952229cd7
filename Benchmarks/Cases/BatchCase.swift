import Graph
import Tensors

/// The preparation of a batch: from labels and the cache to rows side by side.
struct BatchCase<Scalar: RealScalar> {
  let batch: LabelBatch

  func measure(_ name: String, _ context: BenchmarkContext) throws -> BenchmarkResult {
    let water = try context.water(Scalar.self, structures: batch.structures)
    let feed = water.feed(batch)
    // Other labels each time, so that they come from memory as in training.
    var random = RandomStream(seed: 1)
    let all = water.labels.kinds[water.kind(batch)].count
    let draws = (0..<64).map { _ in (0..<batch.count).map { _ in random.integer(below: all) } }
    var next = 0
    let time = context.stopwatch.measure(calls: context.isQuick ? 4 : 64) {
      water.fill(feed, batch, draws[next % draws.count])
      next += 1
    }
    return BenchmarkResult(name: name, time: time, yield: Yield(batch.count, .labels))
  }
}
