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

  /// sin(π x) and cos(π x) for |x| ≤ 1/2; at most 3 ulp off, and the cosine is 0 at the ends.
  @inlinable @inline(__always)
  public static func sineAndCosineOfHalfTurns(
    _ x: Float.Vector
  ) -> (sine: Float.Vector, cosine: Float.Vector) {
    let z = x * x
    let sine = polynomial(z, [3.14159264, -5.16770968, 2.55006973, -0.598242126, 0.0775603868])
    let cosine = polynomial(
      z, [0.999999999, -0.934802012, 0.319497441, -0.0571846354, 0.00603852406])
    return (x * sine, (1 - 2 * x) * (1 + 2 * x) * cosine)
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

  /// sin(π x) and cos(π x) for |x| ≤ 1/2; at most 3 ulp off, and the cosine is 0 at the ends.
  @inlinable @inline(__always)
  public static func sineAndCosineOfHalfTurns(
    _ x: Double.Vector
  ) -> (sine: Double.Vector, cosine: Double.Vector) {
    let z = x * x
    let sine = polynomial(
      z,
      [
        3.1415926535897932, -5.1677127800499695, 2.5501640398772939, -0.59926452931873826,
        0.082145886569893039, -0.0073704304787646296, 0.00046629968877916673,
        -2.1903185429548640e-05, 7.6947273844559142e-07,
      ])
    let cosine = polynomial(
      z,
      [
        1, -0.93480220054467929, 0.31950332423804909, -0.057249471902309022,
        0.0063327427477962666, -0.00047592037483381707, 2.5892619309165558e-05,
        -1.0666786358407357e-06, 3.3472426568333021e-08,
      ])
    return (x * sine, (1 - 2 * x) * (1 + 2 * x) * cosine)
  }
}
