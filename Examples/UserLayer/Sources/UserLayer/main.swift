import Graph
import Tensors

// Two of the layers on top of each other; the gradient of the sum of their outputs comes for free.
let x = Symbol.placeholder("x", [.named("rows"), 3])
let y = GatedDense("second", 4, 2)(GatedDense("first", 3, 4)(x))
let weights = Symbol.parameters(of: [y])
let gradients = gradient(of: y.sum(), by: [x] + weights.map(\.symbol))

let program = Program([y] + gradients)
let state = State<Double>(program.variables, seed: 1)
let session = Session(program, state: state, workers: Workers(count: 1))
let feed = Feed<Double>()
feed[axis: "rows"] = 2
feed.set("x", [0.1, 0.2, 0.3, -0.3, 0.5, 0.8])
try session.run(feed)

print("output:", session.tensor(0).doubles)
for (index, name) in (["x"] + weights.map(\.name)).enumerated() {
  print("gradient by \(name):", session.tensor(index + 1).doubles)
}
