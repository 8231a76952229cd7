/// Multiplies rows with rows, `C[i, j] = Σ A[i, l] B[j, l]` over l: products of a few long rows, where
/// the reordering that a routine for large matrices begins with does not pay.
///
/// Blocks of three rows by four stay in registers while l runs. The bits of an element depend on
/// its two rows alone.
/// - Parameters:
///   - a: the left rows, [m, k].
///   - lda: the distance between rows of A.
///   - b: the right rows, [n, k].
///   - ldb: the distance between rows of B.
///   - c: the result, [m, n].
///   - ldc: the distance between rows of C.
///   - m: the number of left rows.
///   - n: the number of right rows.
///   - k: the length of a row.
@_specialize(where S == Float)
@_specialize(where S == Double)
func dotProducts<S: RealScalar>(
  _ a: UnsafePointer<S>, leading lda: Int, _ b: UnsafePointer<S>, leading ldb: Int,
  into c: UnsafeMutablePointer<S>, leading ldc: Int, rows m: Int, columns n: Int, inner k: Int
) {
  for i in stride(from: 0, to: m, by: 3) {
    let (i1, i2) = (min(i &+ 1, m &- 1), min(i &+ 2, m &- 1))
    for j in stride(from: 0, to: n, by: 4) {
      // What lies beyond the last row is that row once more.
      let (j1, j2, j3) = (min(j &+ 1, n &- 1), min(j &+ 2, n &- 1), min(j &+ 3, n &- 1))
      let left = (a + i &* lda, a + i1 &* lda, a + i2 &* lda)
      let right = (b + j &* ldb, b + j1 &* ldb, b + j2 &* ldb, b + j3 &* ldb)
      func store(_ dots: SIMD4<S>, _ i: Int) {
        let row = c + i &* ldc
        (row[j], row[j1], row[j2], row[j3]) = (dots[0], dots[1], dots[2], dots[3])
      }
      // Sixteen registers hold twelve vectors and their factors.
      let (d0, d1, d2) = dots(left, right, count: k)
      store(d0, i)
      store(d1, i1)
      store(d2, i2)
    }
  }
}

private typealias Rows<S> = (UnsafePointer<S>, UnsafePointer<S>, UnsafePointer<S>)
private typealias MoreRows<S> = (
  UnsafePointer<S>, UnsafePointer<S>, UnsafePointer<S>, UnsafePointer<S>
)

/// The products of three rows with four.
@inline(__always)
private func dots<S: RealScalar>(
  _ left: Rows<S>, _ right: MoreRows<S>, count k: Int
) -> (SIMD4<S>, SIMD4<S>, SIMD4<S>) {
  typealias Vector = S.Vector
  var (s0, s1, s2) = (RowDots<Vector>(), RowDots<Vector>(), RowDots<Vector>())
  var l = 0
  while l &+ S.lanes <= k {
    let u0 = right.0.lanes(at: l)
    let u1 = right.1.lanes(at: l)
    let u2 = right.2.lanes(at: l)
    let u3 = right.3.lanes(at: l)
    s0.add(left.0.lanes(at: l), u0, u1, u2, u3)
    s1.add(left.1.lanes(at: l), u0, u1, u2, u3)
    s2.add(left.2.lanes(at: l), u0, u1, u2, u3)
    l &+= S.lanes
  }
  /// The rest of a row, padded with zeros.
  func rest(_ row: UnsafePointer<S>) -> Vector {
    var vector = Vector(repeating: 0)
    for lane in 0..<k &- l { vector[lane] = row[l &+ lane] }
    return vector
  }
  if l < k {
    let (u0, u1, u2, u3) = (rest(right.0), rest(right.1), rest(right.2), rest(right.3))
    s0.add(rest(left.0), u0, u1, u2, u3)
    s1.add(rest(left.1), u0, u1, u2, u3)
    s2.add(rest(left.2), u0, u1, u2, u3)
  }
  return (s0.totals, s1.totals, s2.totals)
}

/// The partial sums of the products of one row with four.
private struct RowDots<Vector: RealVector> {
  private var s0 = Vector(repeating: 0), s1 = Vector(repeating: 0)
  private var s2 = Vector(repeating: 0), s3 = Vector(repeating: 0)

  @inline(__always)
  init() {}

  @inline(__always)
  mutating func add(_ factor: Vector, _ u0: Vector, _ u1: Vector, _ u2: Vector, _ u3: Vector) {
    s0.addProduct(factor, u0)
    s1.addProduct(factor, u1)
    s2.addProduct(factor, u2)
    s3.addProduct(factor, u3)
  }

  @inline(__always)
  var totals: SIMD4<Vector.Scalar> {
    SIMD4(s0.total, s1.total, s2.total, s3.total)
  }
}
