import Tensors

/// The difference of two symbols, element by element.
struct Subtract: BinaryElementwise {
  @inline(__always)
  func value<Vector: RealVector>(at x: Vector, _ y: Vector) -> Vector {
    x - y
  }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    [cotangent, -cotangent]
  }

  func vanishes(whereZero isZero: [Bool]) -> Bool { isZero[0] && isZero[1] }

  var isArithmetic: Bool { true }
}
