import Graph
import Tensors

/// Case 5: the cost of a node that computes next to nothing.
struct OverheadCase<Scalar: RealScalar> {
  let nodes = 10_000

  func measure(_ name: String, _ context: BenchmarkContext) throws -> BenchmarkResult {
    // A chain of gathers of one element, which no rewrite makes shorter.
    let index = Symbol.placeholder("index", [1], .index)
    let start = Symbol.placeholder("value", [1])
    var value = start
    for _ in 0..<nodes { value = value.gathered(by: index) }
    let session = Session(
      Program([value]), state: State<Scalar>([], seed: 1), workers: context.workers)
    let feed = Feed<Scalar>()
    feed.set(start, [1])
    feed.set(index, indices: [0])
    let time = try context.stopwatch.measure { try session.run(feed) }
    return BenchmarkResult(name: name, time: time, yield: Yield(nodes, .nodes))
  }
}
