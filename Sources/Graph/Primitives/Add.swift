import Tensors

/// The sum of two symbols, element by element.
struct Add: BinaryElementwise {
  @inline(__always)
  func value<Scalar: RealScalar>(at x: SIMD8<Scalar>, _ y: SIMD8<Scalar>) -> SIMD8<Scalar> {
    x + y
  }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    [cotangent, cotangent]
  }

  func vanishes(whereZero isZero: [Bool]) -> Bool { isZero[0] && isZero[1] }
}
