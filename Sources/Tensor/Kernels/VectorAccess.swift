extension UnsafePointer where Pointee: RealScalar {
  /// The elements from `index` on that fill a vector, at any alignment.
  @inlinable @inline(__always)
  public func lanes(at index: Int) -> Pointee.Vector {
    UnsafeRawPointer(self + index).loadUnaligned(as: Pointee.Vector.self)
  }

  /// The elements from `index` on that fill a short vector, at any alignment.
  @inlinable @inline(__always)
  public func shortLanes(at index: Int) -> Pointee.ShortVector {
    UnsafeRawPointer(self + index).loadUnaligned(as: Pointee.ShortVector.self)
  }

  /// The elements from `index` on that fill a vector along a row, at any alignment.
  @inline(__always)
  func rowLanes(at index: Int) -> Pointee.RowVector {
    UnsafeRawPointer(self + index).loadUnaligned(as: Pointee.RowVector.self)
  }
}

extension UnsafeMutablePointer where Pointee: RealScalar {
  /// Takes memory for elements that begins with a cache line: no vector at a multiple of its width then
  /// lies in two of them, which costs twice the time.
  public static func allocateLines(capacity: Int) -> Self {
    UnsafeMutableRawPointer.allocate(
      byteCount: capacity * MemoryLayout<Pointee>.stride, alignment: 64
    ).bindMemory(to: Pointee.self, capacity: capacity)
  }

  /// The elements from `index` on that fill a vector, at any alignment.
  @inlinable @inline(__always)
  public func lanes(at index: Int) -> Pointee.Vector {
    UnsafeRawPointer(self + index).loadUnaligned(as: Pointee.Vector.self)
  }

  /// The elements from `index` on that fill a short vector, at any alignment.
  @inlinable @inline(__always)
  public func shortLanes(at index: Int) -> Pointee.ShortVector {
    UnsafeRawPointer(self + index).loadUnaligned(as: Pointee.ShortVector.self)
  }

  /// Replaces the elements from `index` on that fill a short vector, at any alignment.
  @inlinable @inline(__always)
  public func setShortLanes(_ lanes: Pointee.ShortVector, at index: Int) {
    UnsafeMutableRawPointer(self + index).storeBytes(of: lanes, as: Pointee.ShortVector.self)
  }

  /// Replaces the elements from `index` on that fill a vector along a row, at any alignment.
  @inline(__always)
  func setRowLanes(_ lanes: Pointee.RowVector, at index: Int) {
    UnsafeMutableRawPointer(self + index).storeBytes(of: lanes, as: Pointee.RowVector.self)
  }

  /// Replaces the elements from `index` on that fill a vector, at any alignment.
  @inlinable @inline(__always)
  public func setLanes(_ lanes: Pointee.Vector, at index: Int) {
    UnsafeMutableRawPointer(self + index).storeBytes(of: lanes, as: Pointee.Vector.self)
  }
}

extension SIMD where Scalar: RealScalar {
  /// The sum of the lanes, by halves: a fixed order.
  @inlinable @inline(__always)
  public var total: Scalar { folded { $0 + $1 } }

  /// The least of the lanes, none of which may be NaN.
  @inlinable @inline(__always)
  public var least: Scalar { folded { $0 < $1 ? $0 : $1 } }

  /// What an operation makes of all lanes, by halves: a fixed order.
  @inlinable @inline(__always)
  func folded(_ combine: (Scalar, Scalar) -> Scalar) -> Scalar {
    var vector = self
    var count = Self.scalarCount / 2
    while count > 0 {
      for lane in 0..<count { vector[lane] = combine(vector[lane], vector[lane &+ count]) }
      count /= 2
    }
    return vector[0]
  }
}
