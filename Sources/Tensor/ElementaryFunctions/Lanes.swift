/// The polynomial whose coefficients are given from the constant upwards, by Horner's rule.
@inlinable @inline(__always)
func polynomial<let count: Int, Scalar: RealScalar>(
  _ x: SIMD8<Scalar>, _ coefficients: InlineArray<count, Scalar>
) -> SIMD8<Scalar> {
  var sum = SIMD8<Scalar>(repeating: coefficients[count - 1])
  // A loop over `stride` is not unrolled, and leaves the coefficients in memory.
  var power = count - 2
  while power >= 0 {
    sum = SIMD8<Scalar>(repeating: coefficients[power]).addingProduct(sum, x)
    power -= 1
  }
  return sum
}

/// Applies a function of one element to each lane.
///
/// Comparisons and masks of generic vectors are slow even where they are specialised; a choice
/// between numbers, made lane by lane, becomes a comparison and a blend of whole vectors.
@inlinable @inline(__always)
package func eachLane<Scalar: RealScalar>(
  _ x: SIMD8<Scalar>, _ function: (Scalar) -> Scalar
) -> SIMD8<Scalar> {
  var result = x
  for lane in 0..<8 { result[lane] = function(x[lane]) }
  return result
}

/// Applies a function of two elements to each pair of lanes.
@inlinable @inline(__always)
package func eachLane<Scalar: RealScalar>(
  _ x: SIMD8<Scalar>, _ y: SIMD8<Scalar>, _ function: (Scalar, Scalar) -> Scalar
) -> SIMD8<Scalar> {
  var result = x
  for lane in 0..<8 { result[lane] = function(x[lane], y[lane]) }
  return result
}

extension RealScalar {
  /// The greater of the elements of each lane; NaN if one is.
  @inlinable @inline(__always)
  public static func maximum(_ a: SIMD8<Self>, _ b: SIMD8<Self>) -> SIMD8<Self> {
    eachLane(a, b) { $0 >= $1 || $0 != $0 ? $0 : $1 }
  }

  /// The lesser of the elements of each lane; NaN if one is.
  @inlinable @inline(__always)
  public static func minimum(_ a: SIMD8<Self>, _ b: SIMD8<Self>) -> SIMD8<Self> {
    eachLane(a, b) { $0 <= $1 || $0 != $0 ? $0 : $1 }
  }

  /// The magnitude of each element.
  @inlinable @inline(__always)
  public static func abs(_ x: SIMD8<Self>) -> SIMD8<Self> { eachLane(x) { Swift.abs($0) } }

  /// The lanes of `a` where x < y, and those of `b` elsewhere.
  @inlinable @inline(__always)
  public static func select(
    _ a: SIMD8<Self>, where x: SIMD8<Self>, isLessThan y: SIMD8<Self>, otherwise b: SIMD8<Self>
  ) -> SIMD8<Self> {
    var result = b
    for lane in 0..<8 { result[lane] = x[lane] < y[lane] ? a[lane] : b[lane] }
    return result
  }

  /// The square root, correctly rounded; NaN below zero.
  @inlinable @inline(__always)
  public static func squareRoot(_ x: SIMD8<Self>) -> SIMD8<Self> { x.squareRoot() }
}

extension Float {
  /// The bits of each lane.
  @inlinable @inline(__always)
  static func bits(_ x: SIMD8<Float>) -> SIMD8<UInt32> { unsafeBitCast(x, to: SIMD8<UInt32>.self) }

  /// The lanes with the given bits.
  @inlinable @inline(__always)
  static func lanes(_ bits: SIMD8<UInt32>) -> SIMD8<Float> {
    unsafeBitCast(bits, to: SIMD8<Float>.self)
  }

  /// 1.5 × 2²³: added to a small number, it leaves the nearest integer in the lowest bits.
  @inlinable @inline(__always)
  static var integerShift: Float { 0x1.8p23 }
}

extension Double {
  /// The bits of each lane.
  @inlinable @inline(__always)
  static func bits(_ x: SIMD8<Double>) -> SIMD8<UInt64> { unsafeBitCast(x, to: SIMD8<UInt64>.self) }

  /// The lanes with the given bits.
  @inlinable @inline(__always)
  static func lanes(_ bits: SIMD8<UInt64>) -> SIMD8<Double> {
    unsafeBitCast(bits, to: SIMD8<Double>.self)
  }

  /// 1.5 × 2⁵²: added to a small number, it leaves the nearest integer in the lowest bits.
  @inlinable @inline(__always)
  static var integerShift: Double { 0x1.8p52 }
}
