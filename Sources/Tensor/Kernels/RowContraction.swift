/// Adds up the outer products of rows, `C[i, j] = Σ A[r, i] B[r, j]` over r, or adds that.
///
/// Sums are taken in order of r. Rows pass in portions that stay in the first-level cache.
/// - Parameters:
///   - a: the left rows, [rows, p].
///   - lda: the distance between left rows.
///   - b: the right rows, [rows, q].
///   - ldb: the distance between right rows.
///   - c: the result, [p, q].
///   - ldc: the distance between rows of C.
///   - p: the length of a left row.
///   - q: the length of a right row.
///   - rows: the number of rows.
///   - accumulates: whether the sum is added to what C holds.
@_specialize(where S == Float)
@_specialize(where S == Double)
func rowContraction<S: RealScalar>(
  _ a: UnsafePointer<S>, leading lda: Int, _ b: UnsafePointer<S>, leading ldb: Int,
  into c: UnsafeMutablePointer<S>, leading ldc: Int,
  _ p: Int, _ q: Int, rows: Int, accumulates: Bool
) {
  let lanes = S.rowLanes
  if q >= lanes {
    return addPortions(a, lda, b, ldb, c, ldc, p, q, rows, accumulates)
  }
  if p < lanes {
    // Rows shorter than a vector are padded.
    return withUnsafeTemporaryAllocation(of: S.self, capacity: portion * lanes) {
      let packed = $0.baseAddress.unsafelyUnwrapped
      packed.initialize(repeating: 0, count: portion * lanes)
      var first = 0
      while first < rows {
        let count = min(portion, rows - first)
        for r in 0..<count {
          for j in 0..<q { packed[r &* lanes &+ j] = b[(first &+ r) &* ldb &+ j] }
        }
        addPortions(
          a + first * lda, lda, packed, lanes, c, ldc, p, q, count, accumulates || first > 0)
        first += count
      }
    }
  }
  if q == 1 && ldc == 1 {
    return addPortions(b, ldb, a, lda, c, p, 1, p, rows, accumulates)
  }
  // Vectors run along the longer rows, which gives the transpose.
  withUnsafeTemporaryAllocation(of: S.self, capacity: p * q) {
    let transpose = $0.baseAddress.unsafelyUnwrapped
    addPortions(b, ldb, a, lda, transpose, p, q, p, rows, false)
    for i in 0..<p {
      for j in 0..<q {
        let sum = transpose[j &* p &+ i]
        c[i &* ldc &+ j] = accumulates ? c[i &* ldc &+ j] + sum : sum
      }
    }
  }
}

/// The number of rows that are added to all of C at once.
private let portion = 128

@inline(__always)
private func addPortions<S: RealScalar>(
  _ a: UnsafePointer<S>, _ lda: Int, _ b: UnsafePointer<S>, _ ldb: Int,
  _ c: UnsafeMutablePointer<S>, _ ldc: Int, _ p: Int, _ q: Int, _ rows: Int, _ accumulates: Bool
) {
  let lanes = S.rowLanes
  if q % lanes != 1 || p < lanes {
    return addFullPortions(a, lda, b, ldb, c, ldc, p, q, rows, accumulates)
  }
  addFullPortions(a, lda, b, ldb, c, ldc, p, q &- 1, rows, accumulates)
  // A column that is left over is summed as a row of the transpose.
  withUnsafeTemporaryAllocation(of: S.self, capacity: p) {
    let row = $0.baseAddress.unsafelyUnwrapped
    let column = c + (q &- 1)
    if accumulates { for i in 0..<p { row[i] = column[i &* ldc] } }
    addFullPortions(b + (q &- 1), ldb, a, lda, row, p, 1, p, rows, accumulates)
    for i in 0..<p { column[i &* ldc] = row[i] }
  }
}

@inline(__always)
private func addFullPortions<S: RealScalar>(
  _ a: UnsafePointer<S>, _ lda: Int, _ b: UnsafePointer<S>, _ ldb: Int,
  _ c: UnsafeMutablePointer<S>, _ ldc: Int, _ p: Int, _ q: Int, _ rows: Int, _ accumulates: Bool
) {
  var first = 0
  repeat {
    let count = min(portion, rows - first)
    SmallProduct(
      a: a + first * lda, rowOfA: 1, columnOfA: lda, b: b + first * ldb, rowOfB: ldb,
      start: accumulates || first > 0 ? UnsafePointer(c) : nil, c: c, rowOfC: ldc,
      rows: p, columns: q, inner: count
    ).evaluate()
    first += count
  } while first < rows
}
