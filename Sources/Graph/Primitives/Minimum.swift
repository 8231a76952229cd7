import Tensors

/// The smaller of two elements; NaN if either is NaN.
///
/// Where they are equal the whole derivative goes to the first operand.
struct Minimum: BinaryElementwise {
  @inline(__always)
  func value<Vector: RealVector>(at x: Vector, _ y: Vector) -> Vector {
    Vector.Scalar.minimum(x, y)
  }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    let isFirst = operands[0].isLessOrEqual(to: operands[1])
    let zero = Symbol.fill(0, cotangent.shape)
    return [isFirst.select(cotangent, zero), isFirst.select(zero, cotangent)]
  }

  func vanishes(whereZero isZero: [Bool]) -> Bool { isZero[0] && isZero[1] }

  var isArithmetic: Bool { true }
}

extension Symbol {
  /// Returns the smaller of the elements; where they are equal the derivative goes to this symbol.
  public func minimum(_ other: Symbol) -> Symbol {
    let (first, second) = Symbol.matched(self, other)
    return Minimum()(first, second)
  }

  /// Returns the smaller of each element and a number; where they are equal the derivative is one.
  public func minimum(_ other: Double) -> Symbol { minimum(.fill(other, shape)) }
}
