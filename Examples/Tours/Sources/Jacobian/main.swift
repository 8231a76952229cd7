import Foundation
import Graph
import Layers
import Tensors

// The energies of structures are sums over the rows of their atoms.
let descriptors = Symbol.placeholder("descriptors", ["rows", 30])
let structure = Symbol.placeholder("structure", ["rows"], .index)
let atoms = Perceptron("network", sizes: [30, 25, 25, 1])(descriptors).sum(along: 1)
let energies = atoms.segmentSum(by: structure, count: "structures")
let weights = Symbol.parameters(of: [energies])

let (structures, size) = (10, 64)
let rows = structures * size
let feed = Feed<Float>()
feed[axis: "rows"] = rows
feed[axis: "structures"] = structures
feed.set(descriptors, (0..<rows * 30).map { index in Double(index * 37 % 101) / 50 - 1 })
feed.set(structure, indices: (0..<rows).map { row in row / size })

/// Runs a Jacobian a few times; returns it and the shortest time of a run.
@MainActor func measured(_ form: JacobianForm) throws -> (elements: [Double], time: Duration) {
  let program = Program([jacobian(of: energies, by: weights.map(\.symbol), form: form)])
  if form == .segmented { print(program) }
  let session = Session(
    program, state: State<Float>(weights, seed: 1), workers: Workers(count: 2))
  let times = try (0..<5).map { _ in try ContinuousClock().measure { try session.run(feed) } }
  return (session.tensor(0).doubles, times.min() ?? .zero)
}

// One backward pass for all errors, and the definition: a pass for each of them.
OpenBLAS.useOneThread()
let (fast, dense) = (try measured(.segmented), try measured(.dense))
print("\(fast.elements.count) derivatives: segmented \(fast.time), dense \(dense.time)")
let scale = dense.elements.map(abs).max() ?? 0
let error = zip(fast.elements, dense.elements).map { abs($0 - $1) }.max() ?? .infinity
exit(scale > 0 && error < 1e-4 * scale ? 0 : 1)
