// log(2ᵏ m) = k ln 2 + log(1 + f) with m in [√½, √2) and f = m - 1. With s = f / (2 + f),
// log(1 + f) = f - f²/2 + s (f²/2 + R(s²)), where R(z) = 2/3 z + 2/5 z² + ... is minimax on
// z ≤ (3 - 2√2)². The sum of the small terms carries a correction c for arguments that were
// themselves rounded: log(u + δ) = log u + δ/u.

extension Float {
  /// log(x) + c with a correction c far below the last place of x.
  @inlinable @inline(__always)
  static func logarithm(_ x: Float.Vector, correction: Float.Vector) -> Float.Vector {
    let subnormal = x .< Float.leastNormalMagnitude
    let normal = x.replacing(with: x * 0x1p25, where: subnormal)
    let lowest: UInt32 = 0x3f35_04f3  // √½
    let offset = bits(normal) &- lowest &+ (256 &<< 23)
    let fraction = vector((offset & 0x007f_ffff) &+ lowest) - 1
    var k = vector((offset &>> 23) | Float(0x1p23).bitPattern) - (0x1p23 + 256)
    k.replace(with: k - 25, where: subnormal)
    let s = fraction / (2 + fraction)
    let z = s * s
    let r = z * polynomial(z, [0.666666627, 0.400003374, 0.285372376, 0.235835657])
    let half = 0.5 * fraction * fraction
    let small = (k * 1.42860677e-06 + correction).addingProduct(s, half + r)
    var result = (fraction - (half - small)).addingProduct(k, Vector(repeating: 0.693145752))
    result.replace(with: .nan, where: x .< 0)
    result.replace(with: -.infinity, where: x .== 0)
    result.replace(with: x, where: (x .== .infinity) .| (x .!= x))
    return result
  }

  /// The natural logarithm; at most 1 ulp off.
  @inlinable @inline(__always)
  public static func log(_ x: Float.Vector) -> Float.Vector {
    logarithm(x, correction: Vector(repeating: 0))
  }
}

extension Double {
  /// log(x) + c with a correction c far below the last place of x.
  @inlinable @inline(__always)
  static func logarithm(_ x: Double.Vector, correction: Double.Vector) -> Double.Vector {
    let subnormal = x .< Double.leastNormalMagnitude
    let normal = x.replacing(with: x * 0x1p54, where: subnormal)
    let lowest: UInt64 = 0x3fe6_a09e_667f_3bcd  // √½
    let offset = bits(normal) &- lowest &+ (2048 &<< 52)
    let fraction = vector((offset & 0x000f_ffff_ffff_ffff) &+ lowest) - 1
    var k = vector((offset &>> 52) | Double(0x1p52).bitPattern) - (0x1p52 + 2048)
    k.replace(with: k - 54, where: subnormal)
    let s = fraction / (2 + fraction)
    let z = s * s
    let r =
      z
      * polynomial(
        z,
        [
          0.6666666666666735, 0.39999999999411096, 0.28571428743261246, 0.22222198476201815,
          0.18183569724916684, 0.153139037143084, 0.14797502272859106,
        ])
    let half = 0.5 * fraction * fraction
    let small = (k * 7.440617110012397e-11 + correction).addingProduct(s, half + r)
    var result = (fraction - (half - small)).addingProduct(k, Vector(repeating: 0.6931471804855391))
    result.replace(with: .nan, where: x .< 0)
    result.replace(with: -.infinity, where: x .== 0)
    result.replace(with: x, where: (x .== .infinity) .| (x .!= x))
    return result
  }

  /// The natural logarithm; at most 1 ulp off.
  @inlinable @inline(__always)
  public static func log(_ x: Double.Vector) -> Double.Vector {
    logarithm(x, correction: Vector(repeating: 0))
  }
}

extension Float {
  /// log(1 + x); at most 2 ulp off.
  @inlinable @inline(__always)
  public static func log1p(_ x: Float.Vector) -> Float.Vector {
    let sum = 1 + x
    let lost = (1 - (sum - x)).replacing(with: x - (sum - 1), where: x .< 1)
    let result = logarithm(sum, correction: lost / sum)
    return result.replacing(with: x, where: x .== 0)
  }
}

extension Double {
  /// log(1 + x); at most 2 ulp off.
  @inlinable @inline(__always)
  public static func log1p(_ x: Double.Vector) -> Double.Vector {
    let sum = 1 + x
    let lost = (1 - (sum - x)).replacing(with: x - (sum - 1), where: x .< 1)
    let result = logarithm(sum, correction: lost / sum)
    return result.replacing(with: x, where: x .== 0)
  }
}
