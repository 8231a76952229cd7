import Tensors

/// A mask: 1 where the first element is less than or equal to the second, 0 elsewhere and for NaN.
///
/// The derivative is zero.
struct LessOrEqual: BinaryElementwise {
  @inline(__always)
  func value<Vector: RealVector>(at x: Vector, _ y: Vector) -> Vector {
    eachLane(x, y) { $0 <= $1 ? 1 : 0 }
  }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    [nil, nil]
  }
}

extension Symbol {
  /// Returns 1 where the elements are less than or equal to the other's and 0 elsewhere.
  public func isLessOrEqual(to other: Symbol) -> Symbol {
    let (left, right) = Symbol.matched(self, other)
    return LessOrEqual()(left, right)
  }

  /// Returns 1 where the elements are less than or equal to a number and 0 elsewhere.
  public func isLessOrEqual(to other: Double) -> Symbol {
    isLessOrEqual(to: .fill(other, shape))
  }

  /// Returns 1 where the elements are greater than or equal to the other's and 0 elsewhere.
  public func isGreaterOrEqual(to other: Symbol) -> Symbol {
    let (left, right) = Symbol.matched(self, other)
    return LessOrEqual()(right, left)
  }

  /// Returns 1 where the elements are greater than or equal to a number and 0 elsewhere.
  public func isGreaterOrEqual(to other: Double) -> Symbol {
    isGreaterOrEqual(to: .fill(other, shape))
  }
}
