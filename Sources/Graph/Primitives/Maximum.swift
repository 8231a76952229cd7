import Tensors

/// The larger of two elements; NaN if either is NaN.
///
/// Where they are equal the whole derivative goes to the first operand.
struct Maximum: BinaryElementwise {
  @inline(__always)
  func value<Vector: RealVector>(at x: Vector, _ y: Vector) -> Vector {
    Vector.Scalar.maximum(x, y)
  }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    let isFirst = operands[1].isLessOrEqual(to: operands[0])
    let zero = Symbol.fill(0, cotangent.shape)
    return [isFirst.select(cotangent, zero), isFirst.select(zero, cotangent)]
  }

  func vanishes(whereZero isZero: [Bool]) -> Bool { isZero[0] && isZero[1] }

  var isArithmetic: Bool { true }
}

extension Symbol {
  /// Returns the larger of the elements; where they are equal the derivative goes to this symbol.
  public func maximum(_ other: Symbol) -> Symbol {
    let (first, second) = Symbol.matched(self, other)
    return Maximum()(first, second)
  }

  /// Returns the larger of each element and a number; where they are equal the derivative is one.
  public func maximum(_ other: Double) -> Symbol { maximum(.fill(other, shape)) }
}
