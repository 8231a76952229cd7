/// What kernels and primitives may ask of a floating-point element: `Float` and `Double`.
///
/// The elementary functions work on a vector of elements at once and do not branch, so a loop over
/// vectors is written once for both precisions and any width. Each gives NaN for NaN. Errors are
/// stated in units in the last place (ulp) of the result, as the tests measure them.
public protocol RealScalar: BinaryFloatingPoint, SIMDScalar, Codable, Sendable {
  /// The widest vector of the machine that the library is compiled for.
  associatedtype Vector: RealVector where Vector.Scalar == Self

  /// A vector of at most 256 bits, for rows of some tens of elements: wider ones would carry many lanes
  /// in vain.
  associatedtype ShortVector: SIMD, Sendable where ShortVector.Scalar == Self

  /// The vector along the rows of products with few columns.
  ///
  /// Where the processor does a vector of 512 bits by halves, as Zen 4 does, it has half the width: a row of 25
  /// then takes three vectors and a column of its own, not four halves.
  associatedtype RowVector: SIMD, Sendable where RowVector.Scalar == Self

  /// The name of the type in files and programs.
  static var scalarType: ScalarType { get }

  /// The type as one of the two precisions.
  static var precision: Precision { get }

  /// The exponential; overflows to infinity and underflows gradually.
  static func exp(_ x: Vector) -> Vector

  /// exp(-x) for x ≥ 0, but no less than the least normal number.
  ///
  /// It costs less than `exp`, and so do products with it, since numbers below the normal ones are
  /// slow.
  static func decay(_ x: Vector) -> Vector

  /// The natural logarithm; -∞ at zero, NaN below.
  static func log(_ x: Vector) -> Vector

  /// log(1 + x), accurate for small x; -∞ at -1, NaN below.
  static func log1p(_ x: Vector) -> Vector

  /// The sine of an angle in radians.
  static func sin(_ x: Vector) -> Vector

  /// The cosine of an angle in radians.
  static func cos(_ x: Vector) -> Vector

  /// sin(π x) and cos(π x) for |x| ≤ 1/2.
  static func sineAndCosineOfHalfTurns(_ x: Vector) -> (sine: Vector, cosine: Vector)

  /// The hyperbolic tangent, accurate relative to its value for small arguments too.
  static func tanh(_ x: Vector) -> Vector

  /// The hyperbolic tangent for |x| ≤ 1; other arguments give nothing of meaning.
  static func tanhWithinOne(_ x: Vector) -> Vector

  /// The error function, 2/√π ∫₀ˣ exp(-t²) dt.
  static func erf(_ x: Vector) -> Vector

  /// The complement of the error function, 1 - erf(x), accurate where it is small.
  static func erfc(_ x: Vector) -> Vector

  /// The angle in [0, π] whose cosine is x; NaN outside [-1, 1].
  static func acos(_ x: Vector) -> Vector

  /// The angle in [-π, π] of the point (x, y).
  static func atan2(_ y: Vector, _ x: Vector) -> Vector

  /// The real power, base to the exponent, with the special values of C's `pow`.
  static func power(_ base: Vector, _ exponent: Vector) -> Vector

  /// The matrix product `C = alpha op(A) op(B) + beta C`, with matrices stored row by row.
  ///
  /// op(A) is [m, k], op(B) is [k, n] and C is [m, n]; op transposes where the flag says so, and
  /// a leading extent is the distance between the starts of two stored rows. C is not read where
  /// beta is zero. Extents may be zero.
  static func multiply(
    _ a: UnsafePointer<Self>, transposed transposedA: Bool, leading lda: Int,
    _ b: UnsafePointer<Self>, transposed transposedB: Bool, leading ldb: Int,
    into c: UnsafeMutablePointer<Self>, leading ldc: Int,
    rows m: Int, columns n: Int, inner k: Int, alpha: Self, beta: Self)
}

extension Float: RealScalar {
  /// `float32`.
  public static var scalarType: ScalarType { .float32 }
  /// `float32`.
  public static var precision: Precision { .float32 }
}

extension Double: RealScalar {
  /// `float64`.
  public static var scalarType: ScalarType { .float64 }
  /// `float64`.
  public static var precision: Precision { .float64 }
}
