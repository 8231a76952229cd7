import Graph
import Tensors

/// Computes outputs in double precision.
func values(_ outputs: [Symbol], _ feed: Feed<Double>, workers: Int = 2) throws -> [[Double]] {
  let program = Program(outputs)
  let state = State<Double>(program.variables, seed: 1)
  let session = Session(program, state: state, workers: Workers(count: workers))
  try session.run(feed)
  return outputs.indices.map { Array(session.output($0)) }
}

/// The value of a function of a vector, and its first and second derivatives element by element.
func derivatives(
  _ function: (Symbol) -> Symbol, at x: [Double]
) throws -> (value: [Double], first: [Double], second: [Double]) {
  let symbol = Symbol.placeholder("x", ["points"])
  let value = function(symbol)
  let first = gradient(of: value.sum(), by: symbol)
  let second = gradient(of: first.sum(), by: symbol)
  let feed = Feed<Double>()
  feed[axis: "points"] = x.count
  feed.set(symbol, x)
  let results = try values([value, first, second], feed)
  return (results[0], results[1], results[2])
}
