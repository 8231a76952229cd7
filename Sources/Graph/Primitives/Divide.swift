import Tensors

/// The quotient of two symbols, element by element.
struct Divide: BinaryElementwise {
  @inline(__always)
  func value<Scalar: RealScalar>(at x: SIMD8<Scalar>, _ y: SIMD8<Scalar>) -> SIMD8<Scalar> {
    x / y
  }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    let first = cotangent / operands[1]
    return [first, -(first * result)]
  }

  func vanishes(whereZero isZero: [Bool]) -> Bool { isZero[0] && !isZero[1] }
}
