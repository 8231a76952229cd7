// The widest vectors of the machine that the library is compiled for: kernels are written once, over
// `Scalar.Vector`, and layouts follow its number of lanes.
//
// The compiler itself says what the machine has: the C module has a part of that name where the
// flags, such as `-march=native`, allow 512 bits. Packages that use the library take over what it
// was compiled with, whatever their own flags are.

#if canImport(COpenBLAS.AVX512)
  extension Float {
    /// Sixteen elements: 512 bits.
    public typealias Vector = SIMD16<Float>
    /// Eight elements: 256 bits.
    public typealias ShortVector = SIMD8<Float>
    #if canImport(COpenBLAS.HalvedAVX512)
      /// Eight elements: 256 bits.
      public typealias RowVector = SIMD8<Float>
    #else
      /// Sixteen elements: 512 bits.
      public typealias RowVector = SIMD16<Float>
    #endif
    /// The bits of a vector's lanes.
    public typealias Bits = SIMD16<UInt32>
  }

  extension Double {
    /// Eight elements: 512 bits.
    public typealias Vector = SIMD8<Double>
    /// Four elements: 256 bits.
    public typealias ShortVector = SIMD4<Double>
    #if canImport(COpenBLAS.HalvedAVX512)
      /// Four elements: 256 bits.
      public typealias RowVector = SIMD4<Double>
    #else
      /// Eight elements: 512 bits.
      public typealias RowVector = SIMD8<Double>
    #endif
    /// The bits of a vector's lanes.
    public typealias Bits = SIMD8<UInt64>
  }

  extension SIMD16: RealVector where Scalar == Float {}
  extension SIMD8: RealVector where Scalar == Double {}
#elseif arch(arm64)
  extension Float {
    /// Four elements: 128 bits.
    public typealias Vector = SIMD4<Float>
    /// The same.
    public typealias ShortVector = SIMD4<Float>
    /// The same.
    public typealias RowVector = SIMD4<Float>
    /// The bits of a vector's lanes.
    public typealias Bits = SIMD4<UInt32>
  }

  extension Double {
    /// Two elements: 128 bits.
    public typealias Vector = SIMD2<Double>
    /// The same.
    public typealias ShortVector = SIMD2<Double>
    /// The same.
    public typealias RowVector = SIMD2<Double>
    /// The bits of a vector's lanes.
    public typealias Bits = SIMD2<UInt64>
  }

  extension SIMD4: RealVector where Scalar == Float {}
  extension SIMD2: RealVector where Scalar == Double {}
#else
  extension Float {
    /// Eight elements: 256 bits.
    public typealias Vector = SIMD8<Float>
    /// The same.
    public typealias ShortVector = SIMD8<Float>
    /// The same.
    public typealias RowVector = SIMD8<Float>
    /// The bits of a vector's lanes.
    public typealias Bits = SIMD8<UInt32>
  }

  extension Double {
    /// Four elements: 256 bits.
    public typealias Vector = SIMD4<Double>
    /// The same.
    public typealias ShortVector = SIMD4<Double>
    /// The same.
    public typealias RowVector = SIMD4<Double>
    /// The bits of a vector's lanes.
    public typealias Bits = SIMD4<UInt64>
  }

  extension SIMD8: RealVector where Scalar == Float {}
  extension SIMD4: RealVector where Scalar == Double {}
#endif

/// A vector of the machine's width.
public protocol RealVector: SIMD, Sendable where Scalar: RealScalar, Scalar.Vector == Self {}

extension RealScalar {
  /// The number of elements in a vector.
  @inlinable @inline(__always)
  public static var lanes: Int { Vector.scalarCount }

  /// The number of elements in a short vector.
  @inlinable @inline(__always)
  public static var shortLanes: Int { ShortVector.scalarCount }

  /// The number of elements in a vector along a row.
  @inline(__always)
  static var rowLanes: Int { RowVector.scalarCount }
}
