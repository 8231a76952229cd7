import Tensors

/// The quotient of two symbols, element by element.
struct Divide: BinaryElementwise {
  @inline(__always)
  func value<Vector: RealVector>(at x: Vector, _ y: Vector) -> Vector {
    x / y
  }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    let first = cotangent / operands[1]
    return [first, -(first * result)]
  }

  func vanishes(whereZero isZero: [Bool]) -> Bool { isZero[0] && !isZero[1] }
}
