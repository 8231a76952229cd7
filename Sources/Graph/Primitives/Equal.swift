import Tensors

/// A mask: 1 where the first element is equal to the second, 0 elsewhere and for NaN.
///
/// The derivative is zero.
struct Equal: BinaryElementwise {
  @inline(__always)
  func value<Vector: RealVector>(at x: Vector, _ y: Vector) -> Vector {
    eachLane(x, y) { $0 == $1 ? 1 : 0 }
  }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    [nil, nil]
  }
}

extension Symbol {
  /// Returns 1 where the elements are equal to the other's and 0 elsewhere.
  public func isEqual(to other: Symbol) -> Symbol {
    let (left, right) = Symbol.matched(self, other)
    return Equal()(left, right)
  }

  /// Returns 1 where the elements are equal to a number and 0 elsewhere.
  public func isEqual(to other: Double) -> Symbol {
    isEqual(to: .fill(other, shape))
  }
}
