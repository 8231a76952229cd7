public import Glibc

// Functions of which programs evaluate few: the C library computes them lane by lane. They are inlined,
// since packages compiled for other vectors would hand these over in other registers.

extension Float {
  /// The error function; as accurate as the C library's.
  @inlinable @inline(__always)
  public static func erf(_ x: Float.Vector) -> Float.Vector { eachLane(x, Glibc.erf) }

  /// The complement of the error function; as accurate as the C library's.
  @inlinable @inline(__always)
  public static func erfc(_ x: Float.Vector) -> Float.Vector { eachLane(x, Glibc.erfc) }

  /// The angle in [0, π] whose cosine is x; as accurate as the C library's.
  @inlinable @inline(__always)
  public static func acos(_ x: Float.Vector) -> Float.Vector { eachLane(x, Glibc.acos) }

  /// The angle in [-π, π] of the point (x, y); as accurate as the C library's.
  @inlinable @inline(__always)
  public static func atan2(_ y: Float.Vector, _ x: Float.Vector) -> Float.Vector {
    eachLane(y, x, Glibc.atan2)
  }

  /// The real power, base to the exponent; as accurate as the C library's.
  @inlinable @inline(__always)
  public static func power(_ base: Float.Vector, _ exponent: Float.Vector) -> Float.Vector {
    eachLane(base, exponent, Glibc.pow)
  }
}

extension Double {
  /// The error function; as accurate as the C library's.
  @inlinable @inline(__always)
  public static func erf(_ x: Double.Vector) -> Double.Vector { eachLane(x, Glibc.erf) }

  /// The complement of the error function; as accurate as the C library's.
  @inlinable @inline(__always)
  public static func erfc(_ x: Double.Vector) -> Double.Vector { eachLane(x, Glibc.erfc) }

  /// The angle in [0, π] whose cosine is x; as accurate as the C library's.
  @inlinable @inline(__always)
  public static func acos(_ x: Double.Vector) -> Double.Vector { eachLane(x, Glibc.acos) }

  /// The angle in [-π, π] of the point (x, y); as accurate as the C library's.
  @inlinable @inline(__always)
  public static func atan2(_ y: Double.Vector, _ x: Double.Vector) -> Double.Vector {
    eachLane(y, x, Glibc.atan2)
  }

  /// The real power, base to the exponent; as accurate as the C library's.
  @inlinable @inline(__always)
  public static func power(_ base: Double.Vector, _ exponent: Double.Vector) -> Double.Vector {
    eachLane(base, exponent, Glibc.pow)
  }
}
