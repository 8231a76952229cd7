import Tensors

/// Numbers between -1 and 1 that look random and are the same every time.
func scattered<Scalar: RealScalar>(_ count: Int, seed: Int = 1) -> [Scalar] {
  (0..<count).map { index in
    let bits = UInt64(bitPattern: Int64(index + 1)) &* (0x9e37_79b9_7f4a_7c15 &+ UInt64(seed) << 32)
    return Scalar(Double((bits ^ bits >> 29) >> 40) / Double(1 << 23) - 1)
  }
}

/// The greatest absolute difference of two arrays; NaN if there is one.
func greatestDifference<Scalar: RealScalar>(_ a: [Scalar], _ b: [Scalar]) -> Scalar {
  precondition(a.count == b.count, "the arrays differ in length")
  return zip(a, b).reduce(0) { worst, pair in
    let difference = abs(pair.0 - pair.1)
    return difference <= worst ? worst : difference
  }
}
