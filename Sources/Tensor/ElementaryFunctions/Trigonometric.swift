public import Glibc

// x = n π/2 + r with |r| ≤ π/4; π/2 is taken off in three parts (Cody and Waite), whose products
// with n the fused multiply-add does not round. Minimax polynomials give sin r and cos r, and the
// last two bits of n choose between them and their signs. Vectors that hold a magnitude beyond
// the range where this is accurate go through the C library, lane by lane.

extension Float {
  /// sin(x + quarters π/2).
  @inlinable @inline(__always)
  static func sine(_ x: Float.Vector, quarters: UInt32) -> Float.Vector {
    let shift = Vector(repeating: integerShift)
    let shifted = shift.addingProduct(x, Vector(repeating: 0.636619772))
    let n = shifted - shift
    let r = x.addingProduct(n, Vector(repeating: -1.57079637))
      .addingProduct(n, Vector(repeating: 4.37113883e-08))
      .addingProduct(n, Vector(repeating: 1.71512451e-15))
    let z = r * r
    let sine = r.addingProduct(
      r * z, polynomial(z, [-0.166666672, 0.00833332911, -0.000198393274, 2.71823751e-06]))
    let cosine = polynomial(
      z, [1, -0.5, 0.0416666679, -0.00138888834, 2.47995122e-05, -2.72095491e-07])
    let quadrant = bits(shifted) &+ quarters
    let odd = 0 &- (quadrant & 1)
    let value = (bits(sine) & ~odd) | (bits(cosine) & odd)
    return vector(value ^ ((quadrant & 2) &<< 30))
  }

  /// The greatest magnitude whose sine does not go through the C library.
  @inlinable @inline(__always)
  static var greatestReducedAngle: Float { 100_000 }

  /// The sine; at most 2 ulp off.
  @inlinable @inline(__always)
  public static func sin(_ x: Float.Vector) -> Float.Vector {
    if any((x .> greatestReducedAngle) .| (x .< -greatestReducedAngle)) {
      return eachLane(x, Glibc.sin)
    }
    return sine(x, quarters: 0)
  }

  /// The cosine; at most 2 ulp off.
  @inlinable @inline(__always)
  public static func cos(_ x: Float.Vector) -> Float.Vector {
    if any((x .> greatestReducedAngle) .| (x .< -greatestReducedAngle)) {
      return eachLane(x, Glibc.cos)
    }
    return sine(x, quarters: 1)
  }
}

extension Double {
  /// sin(x + quarters π/2).
  @inlinable @inline(__always)
  static func sine(_ x: Double.Vector, quarters: UInt64) -> Double.Vector {
    let shift = Vector(repeating: integerShift)
    let shifted = shift.addingProduct(x, Vector(repeating: 0.6366197723675814))
    let n = shifted - shift
    let r = x.addingProduct(n, Vector(repeating: -1.5707963267948966))
      .addingProduct(n, Vector(repeating: -6.123233995736766e-17))
      .addingProduct(n, Vector(repeating: 1.4973849048591698e-33))
    let z = r * r
    let sine = r.addingProduct(
      r * z,
      polynomial(
        z,
        [
          -0.16666666666666632, 0.008333333333322314, -0.00019841269829724744,
          2.755731366192045e-06, -2.5050753245480697e-08, 1.5896503945092237e-10,
        ]))
    let cosine = polynomial(
      z,
      [
        1, -0.5, 0.0416666666666666, -0.001388888888887399, 2.480158728939494e-05,
        -2.75573143260334e-07, 2.0875719559037347e-09, -1.1359448697374219e-11,
      ])
    let quadrant = bits(shifted) &+ quarters
    let odd = 0 &- (quadrant & 1)
    let value = (bits(sine) & ~odd) | (bits(cosine) & odd)
    return vector(value ^ ((quadrant & 2) &<< 62))
  }

  /// The greatest magnitude whose sine does not go through the C library.
  @inlinable @inline(__always)
  static var greatestReducedAngle: Double { 1_000_000 }

  /// The sine; at most 2 ulp off.
  @inlinable @inline(__always)
  public static func sin(_ x: Double.Vector) -> Double.Vector {
    if any((x .> greatestReducedAngle) .| (x .< -greatestReducedAngle)) {
      return eachLane(x, Glibc.sin)
    }
    return sine(x, quarters: 0)
  }

  /// The cosine; at most 2 ulp off.
  @inlinable @inline(__always)
  public static func cos(_ x: Double.Vector) -> Double.Vector {
    if any((x .> greatestReducedAngle) .| (x .< -greatestReducedAngle)) {
      return eachLane(x, Glibc.cos)
    }
    return sine(x, quarters: 1)
  }
}
