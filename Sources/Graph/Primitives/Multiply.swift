import Tensors

/// The product of two symbols, element by element.
struct Multiply: BinaryElementwise {
  @inline(__always)
  func value<Vector: RealVector>(at x: Vector, _ y: Vector) -> Vector {
    x * y
  }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    [cotangent * operands[1], cotangent * operands[0]]
  }

  func vanishes(whereZero isZero: [Bool]) -> Bool { isZero[0] || isZero[1] }

  var isArithmetic: Bool { true }
}
