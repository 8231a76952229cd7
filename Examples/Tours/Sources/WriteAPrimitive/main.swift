import Foundation
import Graph
import Tensors

/// The function `y = x / (1 + |x|)` of each element.
struct Softsign: UnaryElementwise {
  /// The value for a vector of elements.
  func value<Vector: RealVector>(at x: Vector) -> Vector { x / (1 + Vector.Scalar.abs(x)) }

  /// The derivative `(1 - |y|)²` is written with primitives, so it can be derived again.
  func derivative(at x: Symbol, result y: Symbol) -> Symbol { (1 - y.absolute()).square() }

  /// Zero stays zero: the rows of different errors stay apart in a Jacobian.
  func vanishes(whereZero isZero: [Bool]) -> Bool { isZero[0] }
}

extension Symbol {
  func softsign() -> Symbol { Softsign()(self) }
}

let x = Symbol.placeholder("x", ["rows"])
let y = x.softsign()
let first = gradient(of: y.sum(), by: x)
let second = gradient(of: first.sum(), by: x)
let program = Program([
  y, first, second, jacobian(of: y, by: [x]), jacobian(of: y, by: [x], form: .dense),
])

let session = Session(program, state: State<Double>([], seed: 1), workers: Workers(count: 1))
let feed = Feed<Double>()
feed[axis: "rows"] = 2
feed.set(x, [1, -3])
try session.run(feed)

let results = (0..<5).map { session.tensor($0).doubles }
print("softsign \(results[0]), first derivative \(results[1]), second \(results[2])")
let expected = [[0.5, -0.75], [0.25, 0.0625], [-0.25, 0.03125], [0.25, 0, 0, 0.0625]]
let errors = zip(results.joined(), (expected + [expected[3]]).joined()).map { abs($0 - $1) }
exit(errors.allSatisfy { $0 < 1e-12 } ? 0 : 1)
