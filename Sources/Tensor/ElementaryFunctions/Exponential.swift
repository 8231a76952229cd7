// exp(x) = 2ⁿ exp(r) with n = round(x / ln 2) and r = x - n ln 2 in two parts (Cody and Waite), and
// exp(r) = 1 + r + r² q(r) with a minimax q on |r| ≤ ln 2 / 2. The power of two is applied in two
// halves, so that overflow and gradual underflow are those of the last multiplication.

extension Float {
  /// exp(r) - 1 and the integer n, as the bits of n + 2048, of exp(x) = 2ⁿ exp(r).
  @inlinable @inline(__always)
  static func reducedExponential(
    _ x: Float.Vector
  ) -> (fractionLessOne: Float.Vector, power: Float.Bits) {
    let shift = Vector(repeating: integerShift)
    let shifted = shift.addingProduct(x, Vector(repeating: 1.44269504))
    let n = shifted - shift
    let r = x.addingProduct(n, Vector(repeating: -0.693145752))
      .addingProduct(n, Vector(repeating: -1.42860677e-06))
    let q = polynomial(
      r, [0.5, 0.166666657, 0.0416663587, 0.00833338965, 0.00139407197, 0.000198459005])
    return (r.addingProduct(r * r, q), bits(shifted) &- (integerShift.bitPattern &- 2048))
  }

  /// 2ⁿ from the bits of n + 2048, for n within the exponents of normal numbers.
  @inlinable @inline(__always)
  static func powerOfTwo(_ power: Float.Bits) -> Float.Vector {
    vector((power &- (2048 - 127)) &<< 23)
  }

  /// The exponential; at most 1 ulp off, underflow gradual.
  @inlinable @inline(__always)
  public static func exp(_ x: Float.Vector) -> Float.Vector {
    var x = x
    x.replace(with: 89, where: x .> 89)
    x.replace(with: -104, where: x .< -104)
    let (fraction, power) = reducedExponential(x)
    let half = (power &+ 2048) &>> 1
    return (1 + fraction) * powerOfTwo(half) * powerOfTwo(power &- half &+ 2048)
  }

  /// exp(-x) for x ≥ 0, but at least 2⁻¹²⁶; at most 1 ulp off.
  @inlinable @inline(__always)
  public static func decay(_ x: Float.Vector) -> Float.Vector {
    var x = 0 - x
    x.replace(with: -87, where: x .< -87)
    let (fraction, power) = reducedExponential(x)
    return (1 + fraction) * powerOfTwo(power)
  }
}

extension Double {
  /// exp(r) - 1 and the integer n, as the bits of n + 2048, of exp(x) = 2ⁿ exp(r).
  @inlinable @inline(__always)
  static func reducedExponential(
    _ x: Double.Vector
  ) -> (fractionLessOne: Double.Vector, power: Double.Bits) {
    let shift = Vector(repeating: integerShift)
    let shifted = shift.addingProduct(x, Vector(repeating: 1.4426950408889634))
    let n = shifted - shift
    let r = x.addingProduct(n, Vector(repeating: -0.6931471804855391))
      .addingProduct(n, Vector(repeating: -7.440617110012397e-11))
    let q = polynomial(
      r,
      [
        0.5, 0.16666666666666677, 0.041666666666666505, 0.008333333333321608,
        0.0013888888888962882, 0.00019841269886206874, 2.480158717186613e-05,
        2.755724410526801e-06, 2.7557402928694753e-07, 2.510908102836422e-08,
        2.087533031850438e-09,
      ])
    return (r.addingProduct(r * r, q), bits(shifted) &- (integerShift.bitPattern &- 2048))
  }

  /// 2ⁿ from the bits of n + 2048, for n within the exponents of normal numbers.
  @inlinable @inline(__always)
  static func powerOfTwo(_ power: Double.Bits) -> Double.Vector {
    vector((power &- (2048 - 1023)) &<< 52)
  }

  /// The exponential; at most 1 ulp off, underflow gradual.
  @inlinable @inline(__always)
  public static func exp(_ x: Double.Vector) -> Double.Vector {
    var x = x
    x.replace(with: 710, where: x .> 710)
    x.replace(with: -746, where: x .< -746)
    let (fraction, power) = reducedExponential(x)
    let half = (power &+ 2048) &>> 1
    return (1 + fraction) * powerOfTwo(half) * powerOfTwo(power &- half &+ 2048)
  }

  /// exp(-x) for x ≥ 0, but at least 2⁻¹⁰²²; at most 1 ulp off.
  @inlinable @inline(__always)
  public static func decay(_ x: Double.Vector) -> Double.Vector {
    var x = 0 - x
    x.replace(with: -708, where: x .< -708)
    let (fraction, power) = reducedExponential(x)
    return (1 + fraction) * powerOfTwo(power)
  }
}
