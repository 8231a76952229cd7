extension UnsafePointer where Pointee: RealScalar {
  /// The eight elements from `index` on, at any alignment.
  @inlinable @inline(__always)
  public func lanes(at index: Int) -> SIMD8<Pointee> {
    UnsafeRawPointer(self + index).loadUnaligned(as: SIMD8<Pointee>.self)
  }
}

extension UnsafePointer {
  /// The elements from `index` on that fill a vector, at any alignment.
  @inline(__always)
  func vector<Vector: SIMD>(_: Vector.Type, at index: Int) -> Vector
  where Vector.Scalar == Pointee {
    UnsafeRawPointer(self + index).loadUnaligned(as: Vector.self)
  }
}

extension UnsafeMutablePointer {
  /// The elements from `index` on that fill a vector, at any alignment.
  @inline(__always)
  func vector<Vector: SIMD>(_: Vector.Type, at index: Int) -> Vector
  where Vector.Scalar == Pointee {
    UnsafeRawPointer(self + index).loadUnaligned(as: Vector.self)
  }

  /// Replaces the elements from `index` on by those of a vector, at any alignment.
  @inline(__always)
  func setVector<Vector: SIMD>(_ vector: Vector, at index: Int) where Vector.Scalar == Pointee {
    UnsafeMutableRawPointer(self + index).storeBytes(of: vector, as: Vector.self)
  }
}

extension UnsafeMutablePointer where Pointee: RealScalar {
  /// The eight elements from `index` on, at any alignment.
  @inlinable @inline(__always)
  public func lanes(at index: Int) -> SIMD8<Pointee> {
    UnsafeRawPointer(self + index).loadUnaligned(as: SIMD8<Pointee>.self)
  }

  /// Replaces the eight elements from `index` on, at any alignment.
  @inlinable @inline(__always)
  public func setLanes(_ lanes: SIMD8<Pointee>, at index: Int) {
    UnsafeMutableRawPointer(self + index).storeBytes(of: lanes, as: SIMD8<Pointee>.self)
  }

  /// The least of eight elements, none of which may be NaN.
  @inlinable @inline(__always)
  public var least: Pointee {
    func lesser(_ a: Pointee, _ b: Pointee) -> Pointee { a < b ? a : b }
    return lesser(
      lesser(lesser(self[0], self[4]), lesser(self[2], self[6])),
      lesser(lesser(self[1], self[5]), lesser(self[3], self[7])))
  }
}

extension SIMD8 where Scalar: RealScalar {
  /// The sum of the lanes, by halves: a fixed order.
  @inlinable @inline(__always)
  public var total: Scalar {
    let four = lowHalf + highHalf
    let two = four.lowHalf + four.highHalf
    return two[0] + two[1]
  }
}
