import Tensors

/// Each element to a constant power.
///
/// Whole exponents multiply repeatedly, so negative bases are right and `x⁰ = 1` everywhere; halves
/// of odd numbers take one square root besides. The derivative of `x⁰` is zero; that of a power
/// between 0 and 1 is infinite at zero, and further derivatives are once the exponent gets there.
struct Power: UnaryElementwise {
  var exponent: Double

  /// Twice the exponent, if that is a whole number small enough to multiply out.
  private var halves: Int? {
    let twice = 2 * exponent
    return abs(twice) <= 64 && twice == twice.rounded() ? Int(twice) : nil
  }

  @inline(__always)
  func value<Vector: RealVector>(at x: Vector) -> Vector {
    guard let halves else {
      return Vector.Scalar.power(x, Vector(repeating: Vector.Scalar(exponent)))
    }
    var result = Vector(repeating: 1)
    if halves & 1 != 0 { result = x.squareRoot() }
    var factor = x
    var rest = halves.magnitude / 2
    while rest > 0 {
      if rest & 1 != 0 { result *= factor }
      rest /= 2
      if rest > 0 { factor *= factor }
    }
    return halves < 0 ? 1 / result : result
  }

  func derivative(at x: Symbol, result y: Symbol) -> Symbol { exponent * x.power(exponent - 1) }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    exponent == 0 ? [nil] : [cotangent * derivative(at: operands[0], result: result)]
  }

  func vanishes(whereZero isZero: [Bool]) -> Bool { isZero[0] && exponent > 0 }
}

extension Symbol {
  /// Returns each element to a constant power.
  ///
  /// Negative bases need a whole exponent and give NaN otherwise; `0⁰ = 1`. Derivatives at zero are
  /// finite for exponents that are whole or larger than the order of the derivative.
  public func power(_ exponent: Double) -> Symbol {
    exponent == 1 ? self : Power(exponent: exponent)(self)
  }
}
