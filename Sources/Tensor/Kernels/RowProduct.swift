/// Multiplies many rows with a small matrix, `C[r, j] = Σ A[r, l] op(B)[l, j]` over l, or adds that.
///
/// The bits of a row of C depend on that row of A and on B alone, so rows may be computed in any
/// portions; only the rows' own elements are written.
/// - Parameters:
///   - a: the rows, [m, k].
///   - lda: the distance between rows of A.
///   - b: the matrix, [k, n], or [n, k] if transposed.
///   - ldb: the distance between rows of B.
///   - transposedB: whether op transposes.
///   - c: the result, [m, n].
///   - ldc: the distance between rows of C.
///   - m: the number of rows.
///   - n: the number of columns of C.
///   - k: the length of a row of A.
///   - accumulates: whether the product is added to what C holds.
@_specialize(where S == Float)
@_specialize(where S == Double)
func rowProduct<S: RealScalar>(
  _ a: UnsafePointer<S>, leading lda: Int,
  _ b: UnsafePointer<S>, leading ldb: Int, transposed transposedB: Bool,
  into c: UnsafeMutablePointer<S>, leading ldc: Int,
  rows m: Int, columns n: Int, inner k: Int, accumulates: Bool
) {
  let lanes = MemoryLayout<S>.size == 4 ? 8 : 4
  var n = n
  if n % lanes == 1 && k >= 8 {
    // A column that is left over is summed along the rows, rather than in a vector of its own.
    n -= 1
    rowDots(
      a, lda, b + n &* (transposedB ? ldb : 1), transposedB ? 1 : ldb, c + n, ldc, m, k,
      accumulates)
    if n == 0 { return }
  }
  func multiply(_ b: UnsafePointer<S>, _ ldb: Int) {
    SmallProduct(
      a: a, rowOfA: lda, columnOfA: 1, b: b, rowOfB: ldb, c: c, rowOfC: ldc,
      rows: m, columns: n, inner: k, accumulates: accumulates
    ).evaluate()
  }
  if n >= lanes && !transposedB { return multiply(b, ldb) }
  let width = max(n, lanes)
  withUnsafeTemporaryAllocation(of: S.self, capacity: k * width) {
    let packed = $0.baseAddress.unsafelyUnwrapped
    if n < lanes { packed.initialize(repeating: 0, count: k * width) }
    let (row, column) = transposedB ? (1, ldb) : (ldb, 1)
    for l in 0..<k {
      for j in 0..<n { packed[l &* width &+ j] = b[l &* row &+ j &* column] }
    }
    multiply(packed, width)
  }
}

/// The products of rows of at least eight elements with one vector, summed lane by lane.
@inline(__always)
private func rowDots<S: RealScalar>(
  _ a: UnsafePointer<S>, _ lda: Int, _ b: UnsafePointer<S>, _ step: Int,
  _ c: UnsafeMutablePointer<S>, _ ldc: Int, _ m: Int, _ k: Int, _ accumulates: Bool
) {
  let full = k / 8 * 8
  withUnsafeTemporaryAllocation(of: S.self, capacity: full) {
    let packed = UnsafePointer($0.baseAddress.unsafelyUnwrapped)
    for l in 0..<full { $0[l] = b[l &* step] }
    // The last vector of a row overlaps the one before it; lanes that were counted become zero.
    let rest = k &- 8
    var last = SIMD8<S>(repeating: 0)
    var isCounted = SIMDMask<SIMD8<S>.MaskStorage>(repeating: true)
    for lane in full &- rest..<8 {
      isCounted[lane] = false
      last[lane] = b[(rest &+ lane) &* step]
    }
    for r in 0..<m {
      let row = a + r &* lda
      var sum = row.lanes(at: rest).replacing(with: 0, where: isCounted) * last
      var l = 0
      while l < full {
        sum.addProduct(row.lanes(at: l), packed.lanes(at: l))
        l &+= 8
      }
      c[r &* ldc] = accumulates ? c[r &* ldc] + sum.total : sum.total
    }
  }
}
