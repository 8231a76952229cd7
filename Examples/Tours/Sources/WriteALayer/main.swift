import Foundation
import Graph
import Tensors

/// A layer that lets only part of its input through, `y = tanh(x W) ∘ (x V)`, of shape
/// [rows, outputs] for x of shape [rows, inputs].
struct GatedDense: Sendable {
  let gate, value: Variable

  init(_ name: String, inputs: Int, outputs: Int) {
    gate = Variable("\(name).gate", [inputs, outputs], initializer: .xavierUniform)
    value = Variable("\(name).value", [inputs, outputs], initializer: .xavierUniform)
  }

  func callAsFunction(_ x: Symbol) -> Symbol {
    x.matmul(gate.symbol).tanh() * x.matmul(value.symbol)
  }
}

// Two layers give each row an energy; slopes and Jacobian are derived from the expression.
let x = Symbol.placeholder("x", ["rows", 3])
let hidden = GatedDense("hidden", inputs: 3, outputs: 4)(x)
let energies = GatedDense("output", inputs: 4, outputs: 1)(hidden).sum(along: 1)
let weights = Symbol.parameters(of: [energies])
let program = Program([
  energies,
  gradient(of: energies.sum(), by: x),
  jacobian(of: energies, by: weights.map(\.symbol)),
])

let session = Session(
  program, state: State<Double>(weights, seed: 1), workers: Workers(count: 1))
let feed = Feed<Double>()
feed[axis: "rows"] = 2
let point = [0.1, 0.2, 0.3, -0.3, 0.5, 0.8]

/// The energies of all rows together, with the first coordinate moved.
@MainActor func energy(moved step: Double) throws -> Double {
  feed.set(x, [point[0] + step] + point.dropFirst())
  try session.run(feed)
  return session.output(0).reduce(0, +)
}
let difference = (try energy(moved: 1e-5) - energy(moved: -1e-5)) / 2e-5
_ = try energy(moved: 0)
let slope = session.output(1)[0]
print("energies \(session.tensor(0).doubles), Jacobian \(session.tensor(2).shape)")
print("slope \(slope), by differences \(difference)")
exit(abs(slope - difference) < 1e-8 ? 0 : 1)
