import Tensors

/// The angle in [-π, π] of the point (x, y), from the operands y and x.
///
/// The derivative is NaN at the origin.
struct ArcTangent2: BinaryElementwise {
  @inline(__always)
  func value<Vector: RealVector>(at x: Vector, _ y: Vector) -> Vector {
    Vector.Scalar.atan2(x, y)
  }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    let (y, x) = (operands[0], operands[1])
    let scaled = cotangent / (x * x + y * y)
    return [scaled * x, -(scaled * y)]
  }
}

extension Symbol {
  /// Returns the angle in [-π, π] of the point (x, y), where this symbol is y.
  public func atan2(_ x: Symbol) -> Symbol {
    let (y, x) = Symbol.matched(self, x)
    return ArcTangent2()(y, x)
  }
}
