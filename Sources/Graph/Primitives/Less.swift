import Tensors

/// A mask: 1 where the first element is less than the second, 0 elsewhere and for NaN.
///
/// The derivative is zero.
struct Less: BinaryElementwise {
  @inline(__always)
  func value<Vector: RealVector>(at x: Vector, _ y: Vector) -> Vector {
    eachLane(x, y) { $0 < $1 ? 1 : 0 }
  }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    [nil, nil]
  }

  func vanishes(whereZero isZero: [Bool]) -> Bool { isZero[0] && isZero[1] }
}

extension Symbol {
  /// Returns 1 where the elements are less than the other's and 0 elsewhere.
  public func isLess(than other: Symbol) -> Symbol {
    let (left, right) = Symbol.matched(self, other)
    return Less()(left, right)
  }

  /// Returns 1 where the elements are less than a number and 0 elsewhere.
  public func isLess(than other: Double) -> Symbol {
    isLess(than: .fill(other, shape))
  }

  /// Returns 1 where the elements are greater than the other's and 0 elsewhere.
  public func isGreater(than other: Symbol) -> Symbol {
    let (left, right) = Symbol.matched(self, other)
    return Less()(right, left)
  }

  /// Returns 1 where the elements are greater than a number and 0 elsewhere.
  public func isGreater(than other: Double) -> Symbol {
    isGreater(than: .fill(other, shape))
  }
}
