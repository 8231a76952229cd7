import Tensors

/// The negative of each element.
struct Negate: UnaryElementwise {
  @inline(__always)
  func value<Vector: RealVector>(at x: Vector) -> Vector { -x }

  func derivative(at x: Symbol, result y: Symbol) -> Symbol { .fill(-1, x.shape) }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    [-cotangent]
  }

  func vanishes(whereZero isZero: [Bool]) -> Bool { isZero[0] }

  var isArithmetic: Bool { true }
}
