/// The largest extent of a matrix that ``RowProduct`` is made for; BLAS, which reorders its operands
/// first, gains with larger ones.
public var largestRowProductExtent: Int { 128 }

/// The number of elements of memory that ``RowProduct`` needs for a matrix [inner, columns].
public func rowProductScratch(inner: Int, columns: Int) -> Int {
  (inner * max(columns, Float.rowLanes) + inner + 15) / 16 * 16
}

/// A small matrix made ready to be multiplied with rows,
/// `C[r, j] = S[r, j] + Σ A[r, l] op(B)[l, j]` over l.
///
/// The bits of a row of C depend on that row of A and of S and on B alone, so rows may be computed in
/// any portions.
public struct RowProduct<S: RealScalar> {
  /// The columns, except one that may be left over beyond full vectors.
  private let columns: Int
  private let inner: Int
  /// Those columns, by rows, which are at least as long as a vector.
  private let b: UnsafePointer<S>
  private let rowOfB: Int
  /// The column that is left over: it is summed along the rows, rather than in a vector of its own.
  private let column: UnsafePointer<S>?

  /// Takes a matrix, which may change no more while rows are multiplied.
  ///
  /// - Parameters:
  ///   - b: the matrix, [inner, columns], or [columns, inner] if transposed.
  ///   - ldb: the distance between its rows.
  ///   - transposed: whether op transposes.
  ///   - inner: the length of a row of A.
  ///   - columns: the columns of C.
  ///   - scratch: memory for ``rowProductScratch(inner:columns:)`` elements, used as long as the matrix.
  @_specialize(where S == Float)
  @_specialize(where S == Double)
  public init(
    _ b: UnsafePointer<S>, leading ldb: Int, transposed: Bool, inner: Int, columns: Int,
    scratch: UnsafeMutablePointer<S>
  ) {
    let lanes = S.rowLanes
    let (stepOfRow, stepOfColumn) = transposed ? (1, ldb) : (ldb, 1)
    var (n, scratch) = (columns, scratch)
    if n % lanes == 1 && inner >= lanes {
      n -= 1
      for l in 0..<inner { scratch[l] = b[n &* stepOfColumn &+ l &* stepOfRow] }
      column = UnsafePointer(scratch)
      scratch += inner
    } else {
      column = nil
    }
    self.columns = n
    self.inner = inner
    if n == 0 || n >= lanes && !transposed {
      (self.b, rowOfB) = (b, ldb)
      return
    }
    rowOfB = max(n, lanes)
    if n < lanes { scratch.update(repeating: 0, count: inner * rowOfB) }
    for l in 0..<inner {
      for j in 0..<n { scratch[l &* rowOfB &+ j] = b[l &* stepOfRow &+ j &* stepOfColumn] }
    }
    self.b = UnsafePointer(scratch)
  }

  /// Multiplies rows; only the rows' own elements are written.
  ///
  /// - Parameters:
  ///   - a: the rows, [rows, inner].
  ///   - lda: the distance between rows of A.
  ///   - start: the summand, laid out like C, which it may be; zero if there is none.
  ///   - c: the result, [rows, columns].
  ///   - ldc: the distance between rows of C.
  ///   - rows: the number of rows.
  @_specialize(where S == Float)
  @_specialize(where S == Double)
  public func multiply(
    _ a: UnsafePointer<S>, leading lda: Int, plus start: UnsafePointer<S>?,
    into c: UnsafeMutablePointer<S>, leading ldc: Int, rows: Int
  ) {
    if let column {
      var start = start
      if let first = start { start = first + columns }
      multiplyColumn(column, inner, a, lda, start, c + columns, ldc, rows)
    }
    if columns == 0 { return }
    SmallProduct(
      a: a, rowOfA: lda, columnOfA: 1, b: b, rowOfB: rowOfB, start: start, c: c, rowOfC: ldc,
      rows: rows, columns: columns, inner: inner
    ).evaluate()
  }
}

/// The products of rows that fill at least a vector with another, summed lane by lane.
///
/// Not part of `multiply`, so that other modules' calls of that look at the scalar's type and do
/// nothing else first.
@_specialize(where S == Float)
@_specialize(where S == Double)
private func multiplyColumn<S: RealScalar>(
  _ vector: UnsafePointer<S>, _ inner: Int, _ a: UnsafePointer<S>, _ lda: Int,
  _ start: UnsafePointer<S>?, _ c: UnsafeMutablePointer<S>, _ ldc: Int, _ rows: Int
) {
  let lanes = S.rowLanes
  let full = inner / lanes * lanes
  // The last vector of a row overlaps the one before it; lanes that were counted become zero.
  let rest = inner &- lanes
  var last = vector.rowLanes(at: rest)
  var isCounted = SIMDMask<S.RowVector.MaskStorage>(repeating: false)
  for lane in 0..<full &- rest {
    isCounted[lane] = true
    last[lane] = 0
  }
  for r in 0..<rows {
    let row = a + r &* lda
    var sum = row.rowLanes(at: rest).replacing(with: 0, where: isCounted) * last
    var l = 0
    while l < full {
      sum.addProduct(row.rowLanes(at: l), vector.rowLanes(at: l))
      l &+= lanes
    }
    let total = sum.total
    c[r &* ldc] = start.map { $0[r &* ldc] + total } ?? total
  }
}
