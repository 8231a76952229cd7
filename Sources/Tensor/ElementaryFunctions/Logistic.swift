extension RealScalar {
  /// The logistic function 1 / (1 + exp(-x)); at most 2 ulp off, zero where exp(-x) overflows.
  @inlinable @inline(__always)
  public static func sigmoid(_ x: Vector) -> Vector { 1 / (1 + exp(-x)) }

  /// The smooth ramp log(1 + exp(x)); at most 2 ulp off.
  ///
  /// Computed as max(x, 0) + log(1 + exp(-|x|)), which neither overflows nor loses the tail.
  @inlinable @inline(__always)
  public static func softplus(_ x: Vector) -> Vector {
    let ramp = eachLane(x) { $0 < 0 ? 0 : $0 }
    return ramp + log1p(exp(-abs(x)))
  }
}
