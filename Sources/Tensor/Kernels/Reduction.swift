/// An associative operation that kernels fold elements with.
protocol Reduction {
  /// The result for no elements.
  static func identity<S: RealScalar>(_: S.Type) -> S
  static func combine<S: RealScalar>(_ a: S, _ b: S) -> S
  static func combine<Vector: RealVector>(_ a: Vector, _ b: Vector) -> Vector
}

/// The sum; zero for no elements.
enum Summation: Reduction {
  @inline(__always)
  static func identity<S: RealScalar>(_: S.Type) -> S { 0 }
  @inline(__always)
  static func combine<S: RealScalar>(_ a: S, _ b: S) -> S { a + b }
  @inline(__always)
  static func combine<Vector: RealVector>(_ a: Vector, _ b: Vector) -> Vector {
    eachLane(a, b) { $0 + $1 }
  }
}

/// The greatest element; NaN if there is one, -∞ for no elements.
enum Maximum: Reduction {
  @inline(__always)
  static func identity<S: RealScalar>(_: S.Type) -> S { -.infinity }
  @inline(__always)
  static func combine<S: RealScalar>(_ a: S, _ b: S) -> S { a >= b || a != a ? a : b }
  @inline(__always)
  static func combine<Vector: RealVector>(_ a: Vector, _ b: Vector) -> Vector {
    Vector.Scalar.maximum(a, b)
  }
}

/// The least element; NaN if there is one, +∞ for no elements.
enum Minimum: Reduction {
  @inline(__always)
  static func identity<S: RealScalar>(_: S.Type) -> S { .infinity }
  @inline(__always)
  static func combine<S: RealScalar>(_ a: S, _ b: S) -> S { a <= b || a != a ? a : b }
  @inline(__always)
  static func combine<Vector: RealVector>(_ a: Vector, _ b: Vector) -> Vector {
    Vector.Scalar.minimum(a, b)
  }
}

extension Reduction {
  /// Folds the elements of a vector, by halves.
  @inline(__always)
  static func fold<Vector: RealVector>(_ x: Vector) -> Vector.Scalar {
    x.folded { combine($0, $1) }
  }

  /// Folds `count` neighbouring elements into `y`, element by element.
  @inline(__always)
  static func combineRow<S: RealScalar>(
    _ x: UnsafePointer<S>, into y: UnsafeMutablePointer<S>, count: Int
  ) {
    var i = 0
    while i + S.lanes <= count {
      y.setLanes(combine(y.lanes(at: i), x.lanes(at: i)), at: i)
      i += S.lanes
    }
    while i < count {
      y[i] = combine(y[i], x[i])
      i += 1
    }
  }
}
