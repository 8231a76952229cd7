/// What kernels and primitives may ask of a floating-point element: `Float` and `Double`.
///
/// The elementary functions work on eight elements at once. Generic code reaches them through
/// `SIMD8<Scalar>`, so a primitive is written once for both precisions.
public protocol RealScalar: BinaryFloatingPoint, SIMDScalar, Sendable
where SIMDMaskScalar: FixedWidthInteger & SignedInteger {
  /// The name of the type in files and programs.
  static var scalarType: ScalarType { get }

  /// `e^x` of each element.
  static func exp(_ x: SIMD8<Self>) -> SIMD8<Self>
}
