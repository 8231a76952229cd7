/// The polynomial whose coefficients are given from the constant upwards, by Horner's rule.
@inlinable @inline(__always)
func polynomial<let count: Int, Vector: RealVector>(
  _ x: Vector, _ coefficients: InlineArray<count, Vector.Scalar>
) -> Vector {
  var sum = Vector(repeating: coefficients[count - 1])
  // A loop over `stride` is not unrolled, and leaves the coefficients in memory.
  var power = count - 2
  while power >= 0 {
    sum = Vector(repeating: coefficients[power]).addingProduct(sum, x)
    power -= 1
  }
  return sum
}

/// Applies a function of one element to each lane.
///
/// Comparisons and masks of generic vectors are slow even where they are specialised; a choice
/// between numbers, made lane by lane, becomes a comparison and a blend of whole vectors.
@inlinable @inline(__always)
package func eachLane<Vector: RealVector>(
  _ x: Vector, _ function: (Vector.Scalar) -> Vector.Scalar
) -> Vector {
  var result = x
  for lane in 0..<Vector.scalarCount { result[lane] = function(x[lane]) }
  return result
}

/// Applies a function of two elements to each pair of lanes.
@inlinable @inline(__always)
package func eachLane<Vector: RealVector>(
  _ x: Vector, _ y: Vector, _ function: (Vector.Scalar, Vector.Scalar) -> Vector.Scalar
) -> Vector {
  var result = x
  for lane in 0..<Vector.scalarCount { result[lane] = function(x[lane], y[lane]) }
  return result
}

extension RealScalar {
  /// The greater of the elements of each lane; NaN if one is.
  @inlinable @inline(__always)
  public static func maximum(_ a: Vector, _ b: Vector) -> Vector {
    eachLane(a, b) { $0 >= $1 || $0 != $0 ? $0 : $1 }
  }

  /// The lesser of the elements of each lane; NaN if one is.
  @inlinable @inline(__always)
  public static func minimum(_ a: Vector, _ b: Vector) -> Vector {
    eachLane(a, b) { $0 <= $1 || $0 != $0 ? $0 : $1 }
  }

  /// The magnitude of each element.
  @inlinable @inline(__always)
  public static func abs(_ x: Vector) -> Vector { eachLane(x) { Swift.abs($0) } }

  /// The lanes of `a` where x < y, and those of `b` elsewhere.
  @inlinable @inline(__always)
  public static func select(
    _ a: Vector, where x: Vector, isLessThan y: Vector, otherwise b: Vector
  ) -> Vector {
    var result = b
    for lane in 0..<lanes { result[lane] = x[lane] < y[lane] ? a[lane] : b[lane] }
    return result
  }

  /// The square root, correctly rounded; NaN below zero.
  @inlinable @inline(__always)
  public static func squareRoot(_ x: Vector) -> Vector { x.squareRoot() }
}

extension Float {
  /// The bits of each lane.
  @inlinable @inline(__always)
  static func bits(_ x: Float.Vector) -> Float.Bits { unsafeBitCast(x, to: Float.Bits.self) }

  /// The lanes with the given bits.
  @inlinable @inline(__always)
  static func vector(_ bits: Float.Bits) -> Float.Vector {
    unsafeBitCast(bits, to: Float.Vector.self)
  }

  /// 1.5 × 2²³: added to a small number, it leaves the nearest integer in the lowest bits.
  @inlinable @inline(__always)
  static var integerShift: Float { 0x1.8p23 }
}

extension Double {
  /// The bits of each lane.
  @inlinable @inline(__always)
  static func bits(_ x: Double.Vector) -> Double.Bits { unsafeBitCast(x, to: Double.Bits.self) }

  /// The lanes with the given bits.
  @inlinable @inline(__always)
  static func vector(_ bits: Double.Bits) -> Double.Vector {
    unsafeBitCast(bits, to: Double.Vector.self)
  }

  /// 1.5 × 2⁵²: added to a small number, it leaves the nearest integer in the lowest bits.
  @inlinable @inline(__always)
  static var integerShift: Double { 0x1.8p52 }
}
