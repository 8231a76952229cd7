import Tensors

/// Each element of one symbol to the power of the same element of another.
///
/// Meant for positive bases: the derivative by the exponent, `aᵇ log a`, is NaN at zero and below.
struct GeneralPower: BinaryElementwise {
  @inline(__always)
  func value<Vector: RealVector>(at x: Vector, _ y: Vector) -> Vector {
    Vector.Scalar.power(x, y)
  }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    let (base, exponent) = (operands[0], operands[1])
    return [
      cotangent * exponent * base.power(exponent - 1), cotangent * result * base.log(),
    ]
  }
}

extension Symbol {
  /// Returns each element to the power of another symbol's; bases should be positive.
  public func power(_ exponent: Symbol) -> Symbol {
    let (base, exponent) = Symbol.matched(self, exponent)
    return GeneralPower()(base, exponent)
  }
}
