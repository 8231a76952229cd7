import Graph
import Tensors
import Train

/// Case 1: the Jacobian of a batch's errors, from rows in memory to J in memory.
struct JacobianCase<Scalar: RealScalar> {
  let batch: LabelBatch
  var size = NetworkSize.paper

  func measure(_ name: String, _ context: BenchmarkContext) throws -> BenchmarkResult {
    let water = try context.water(Scalar.self, structures: batch.structures)
    let network = water.network(size)
    let program = Program([water.objective(batch, network).jacobian])
    let session = Session(
      program, state: State<Scalar>(network.variables, seed: 1), workers: context.workers)
    let feed = water.feed(batch)
    let time = try context.stopwatch.measure { try session.run(feed) }
    return BenchmarkResult(
      name: name, time: time, work: water.jacobianWork(batch, network),
      yield: Yield(batch.count, .rows))
  }
}
