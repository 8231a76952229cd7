import Glibc

// Functions of which programs evaluate few: the C library computes them lane by lane.

extension Float {
  /// The error function; as accurate as the C library's.
  public static func erf(_ x: SIMD8<Float>) -> SIMD8<Float> { eachLane(x, Glibc.erf) }

  /// The complement of the error function; as accurate as the C library's.
  public static func erfc(_ x: SIMD8<Float>) -> SIMD8<Float> { eachLane(x, Glibc.erfc) }

  /// The angle in [0, π] whose cosine is x; as accurate as the C library's.
  public static func acos(_ x: SIMD8<Float>) -> SIMD8<Float> { eachLane(x, Glibc.acos) }

  /// The angle in [-π, π] of the point (x, y); as accurate as the C library's.
  public static func atan2(_ y: SIMD8<Float>, _ x: SIMD8<Float>) -> SIMD8<Float> {
    eachLane(y, x, Glibc.atan2)
  }

  /// The real power, base to the exponent; as accurate as the C library's.
  public static func power(_ base: SIMD8<Float>, _ exponent: SIMD8<Float>) -> SIMD8<Float> {
    eachLane(base, exponent, Glibc.pow)
  }
}

extension Double {
  /// The error function; as accurate as the C library's.
  public static func erf(_ x: SIMD8<Double>) -> SIMD8<Double> { eachLane(x, Glibc.erf) }

  /// The complement of the error function; as accurate as the C library's.
  public static func erfc(_ x: SIMD8<Double>) -> SIMD8<Double> { eachLane(x, Glibc.erfc) }

  /// The angle in [0, π] whose cosine is x; as accurate as the C library's.
  public static func acos(_ x: SIMD8<Double>) -> SIMD8<Double> { eachLane(x, Glibc.acos) }

  /// The angle in [-π, π] of the point (x, y); as accurate as the C library's.
  public static func atan2(_ y: SIMD8<Double>, _ x: SIMD8<Double>) -> SIMD8<Double> {
    eachLane(y, x, Glibc.atan2)
  }

  /// The real power, base to the exponent; as accurate as the C library's.
  public static func power(_ base: SIMD8<Double>, _ exponent: SIMD8<Double>) -> SIMD8<Double> {
    eachLane(base, exponent, Glibc.pow)
  }
}
