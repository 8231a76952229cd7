import Foundation
import Graph
import Layers
import Tensors
import Train

/// The root mean square error of a network that has learnt `sin 3x` from ten points a step.
func error(after steps: Int, by optimizer: some Optimizer) throws -> Double {
  let x = Symbol.placeholder("x", ["labels", 1])
  let y = Symbol.placeholder("y", ["labels"])
  let network = Perceptron("network", sizes: [1, 12, 1])
  let errors = (network(x).sum(along: 1) - y) * 0.1.squareRoot()
  let update = Objective(errors: errors).minimized(by: optimizer)
  let program = update.compiled(fetching: [errors])

  let state = State<Double>(network.variables + program.variables, seed: 1)
  let session = Session(program, state: state, workers: Workers(count: 1))
  let feed = Feed<Double>()
  feed[axis: "labels"] = 10
  var random = RandomStream(seed: 2)
  var squares = 0.0
  for step in 0..<steps {
    let points = (0..<10).map { _ in 2 * random.uniformDouble() - 1 }
    feed.set(x, points)
    feed.set(y, points.map { sin(3 * $0) })
    try session.run(feed)
    // The mean over the last tenth of the steps: each sees its points for the first time.
    let errors = session.output(update.monitors.count)
    if step >= steps - steps / 10 { squares += errors.reduce(0) { $0 + $1 * $1 } }
  }
  return (squares / Double(steps / 10)).squareRoot()
}

let filter = try error(after: 500, by: ExtendedKalmanFilter())
let adam = try error(after: 500, by: Adam(learningRate: .constant(1e-3)))
print("after 500 steps: EKF \(filter), Adam \(adam)")
exit(filter < 0.05 && filter < adam ? 0 : 1)
