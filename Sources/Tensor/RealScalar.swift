/// What kernels and primitives may ask of a floating-point element: `Float` and `Double`.
///
/// The elementary functions work on eight elements at once. Generic code reaches them through
/// `SIMD8<Scalar>`, so a primitive is written once for both precisions.
public protocol RealScalar: BinaryFloatingPoint, SIMDScalar, Codable, Sendable {
  /// The name of the type in files and programs.
  static var scalarType: ScalarType { get }
}

extension Float: RealScalar {
  public static var scalarType: ScalarType { .float32 }
}

extension Double: RealScalar {
  public static var scalarType: ScalarType { .float64 }
}
