import Graph
import Tensors
import Testing

/// The function `y = x / (1 + |x|)`, as another module writes it.
private struct Softsign: UnaryElementwise {
  func value<Vector: RealVector>(at x: Vector) -> Vector { x / (1 + Vector.Scalar.abs(x)) }
  func derivative(at x: Symbol, result y: Symbol) -> Symbol { (1 - y.absolute()).square() }
  func vanishes(whereZero isZero: [Bool]) -> Bool { isZero[0] }
}

@Suite("Elementwise primitives of other modules")
struct ForeignPrimitiveTests {
  @Test("are two lines, value and derivative", arguments: [0, 1, 8, 21])
  func softsign(count: Int) throws {
    let x = Symbol.placeholder("x", ["rows"])
    let y = Softsign()(x)
    let first = gradient(of: y.sum(), by: x)
    let second = gradient(of: first.sum(), by: x)
    let values = (0..<count).map { Double($0 * 7 % 11) / 4 - 1.3 }
    func results<Scalar: RealScalar>(_: Scalar.Type) throws -> [[Double]] {
      let feed = Feed<Scalar>()
      feed[axis: "rows"] = count
      feed.set(x, values)
      return try evaluate([y, first, second], feed)
    }
    let expected = [
      values.map { $0 / (1 + abs($0)) },
      values.map { 1 / ((1 + abs($0)) * (1 + abs($0))) },
      values.map { ($0 < 0 ? 2 : -2) / ((1 + abs($0)) * (1 + abs($0)) * (1 + abs($0))) },
    ]
    for (found, expected) in zip(try results(Double.self), expected) {
      #expect(agree(found, expected, 1e-14))
    }
    for (found, expected) in zip(try results(Float.self), expected) {
      #expect(agree(found, expected, 1e-6))
    }
  }

  @Test("keep the rows of different errors apart in Jacobians")
  func jacobians() throws {
    let x = Symbol.placeholder("x", ["rows"])
    let feed = Feed<Double>()
    feed[axis: "rows"] = 3
    feed.set(x, [1, -3, 0.5])
    let errors = Softsign()(x)
    let forms = JacobianForm.allCases.map { jacobian(of: errors, by: [x], form: $0) }
    let found = try evaluate(forms, feed)
    #expect(agree(found[0], found[1], 1e-14))
    #expect(agree(found[0], [0.25, 0, 0, 0, 0.0625, 0, 0, 0, 4.0 / 9], 1e-14))
  }
}
