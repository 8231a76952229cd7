/// The largest product of extents, `rows · columns · inner`, of one matrix product of a batch that
/// ``batchedProduct(_:transposed:_:transposed:into:batch:rows:columns:inner:)`` is made for.
public var largestBatchedProduct: Int { 8192 }

/// Many products of small matrices, `C[s] = op(A[s]) op(B[s])`, as they arise from a matrix or a vector
/// for each pair of atoms.
///
/// Calling a general product for each of them takes longer than the products themselves. The bits of
/// C[s] depend on A[s] and B[s] alone.
/// - Parameters:
///   - a: left matrices one after another, each [rows, inner], or [inner, rows] if transposed.
///   - transposedA: whether op transposes the left matrices.
///   - b: right matrices, each [inner, columns], or [columns, inner] if transposed.
///   - transposedB: whether op transposes the right matrices.
///   - c: the results, each [rows, columns].
///   - batch: the number of products.
///   - rows: the rows of a result.
///   - columns: the columns of a result.
///   - inner: the length of the sums.
@_specialize(where S == Float)
@_specialize(where S == Double)
public func batchedProduct<S: RealScalar>(
  _ a: UnsafePointer<S>, transposed transposedA: Bool, _ b: UnsafePointer<S>,
  transposed transposedB: Bool, into c: UnsafeMutablePointer<S>, batch: Int, rows: Int,
  columns: Int, inner: Int
) {
  if columns == 1, rows > 1 {
    // Cᵀ = Bᵀ Aᵀ: a vector B is its own transpose.
    return batchedProduct(
      b, transposed: false, a, transposed: !transposedA, into: c, batch: batch, rows: 1,
      columns: rows, inner: inner)
  }
  let product = SmallMatrices<S>(
    transposedA: transposedA, transposedB: transposedB && inner > 1, rows: rows,
    columns: columns, inner: inner)
  let (sizeA, sizeB, sizeC) = (rows &* inner, inner &* columns, rows &* columns)
  guard sizeC > 0 else { return }
  // Vectors of the last products would reach beyond the ends of b and c.
  let last = max(
    (product.reach &+ sizeB) / max(1, sizeB), (S.lanes &+ sizeC) / sizeC)
  let wide = max(0, batch &- last)
  for s in 0..<wide { product.evaluate(a + s &* sizeA, b + s &* sizeB, into: c + s &* sizeC) }
  for s in wide..<batch {
    product.evaluateNarrowly(a + s &* sizeA, b + s &* sizeB, into: c + s &* sizeC)
  }
}

/// The product of one pair of matrices in vectors that reach beyond the ends of rows: what they write
/// there is written again, by the next row, and what they read there is not used.
private struct SmallMatrices<S: RealScalar> {
  typealias Vector = S.Vector

  let transposedB: Bool
  let rows, columns, inner: Int
  private let rowOfA, columnOfA: Int

  @inline(__always)
  init(transposedA: Bool, transposedB: Bool, rows: Int, columns: Int, inner: Int) {
    self.transposedB = transposedB
    (self.rows, self.columns, self.inner) = (rows, columns, inner)
    (rowOfA, columnOfA) = transposedA ? (1, rows) : (inner, 1)
  }

  /// The most elements that vectors read beyond the end of B.
  var reach: Int { transposedB ? S.lanes &* inner &+ S.lanes : S.lanes }

  @inline(__always)
  func evaluate(_ a: UnsafePointer<S>, _ b: UnsafePointer<S>, into c: UnsafeMutablePointer<S>) {
    if inner == 1 {
      for row in 0..<rows { multiple(a[row &* rowOfA], b, into: c + row &* columns) }
    } else if !transposedB {
      for row in 0..<rows { combination(a + row &* rowOfA, b, into: c + row &* columns) }
    } else if inner == 2 || inner == 4 {
      for row in 0..<rows { shortDots(a + row &* rowOfA, b, into: c + row &* columns) }
    } else {
      for row in 0..<rows { dots(a + row &* rowOfA, b, into: c + row &* columns) }
    }
  }

  /// The same bits element by element, without a reach beyond ends.
  func evaluateNarrowly(
    _ a: UnsafePointer<S>, _ b: UnsafePointer<S>, into c: UnsafeMutablePointer<S>
  ) {
    let (rowOfB, columnOfB) = transposedB ? (1, inner) : (columns, 1)
    for row in 0..<rows {
      let x = a + row &* rowOfA
      if transposedB, inner != 2, inner != 4 {
        dots(x, b, into: c + row &* columns)
        continue
      }
      for column in 0..<columns {
        func term(_ l: Int) -> S { x[l &* columnOfA] * b[l &* rowOfB &+ column &* columnOfB] }
        var sum: S = 0
        if inner == 1 {
          sum = term(0)
        } else if transposedB {
          sum = inner == 2 ? term(0) + term(1) : (term(0) + term(1)) + (term(2) + term(3))
        } else {
          for l in 0..<inner { sum.addProduct(x[l &* columnOfA], b[l &* rowOfB &+ column]) }
        }
        c[row &* columns &+ column] = sum
      }
    }
  }

  /// A multiple of the only row of B.
  @inline(__always)
  private func multiple(_ x: S, _ b: UnsafePointer<S>, into c: UnsafeMutablePointer<S>) {
    var column = 0
    while column < columns {
      c.setLanes(Vector(repeating: x) * b.lanes(at: column), at: column)
      column &+= S.lanes
    }
  }

  /// A combination of the rows of B, `c[j] = Σ x[l] b[l, j]`.
  @inline(__always)
  private func combination(
    _ x: UnsafePointer<S>, _ b: UnsafePointer<S>, into c: UnsafeMutablePointer<S>
  ) {
    var column = 0
    while column < columns {
      var sums = Vector(repeating: 0)
      for l in 0..<inner {
        sums.addProduct(
          Vector(repeating: x[l &* columnOfA]), b.lanes(at: l &* columns &+ column))
      }
      c.setLanes(sums, at: column)
      column &+= S.lanes
    }
  }

  /// The dot products with rows of two or four elements, of which a vector holds several:
  /// `c[j] = Σ x[l] b[j, l]`.
  @inline(__always)
  private func shortDots(
    _ x: UnsafePointer<S>, _ b: UnsafePointer<S>, into c: UnsafeMutablePointer<S>
  ) {
    var factors = Vector(repeating: 0)
    for lane in 0..<S.lanes { factors[lane] = x[(lane & (inner &- 1)) &* columnOfA] }
    @inline(__always)
    func pairs(_ start: Int) -> Vector {
      (factors * b.lanes(at: start)).pairSums(factors * b.lanes(at: start &+ S.lanes))
    }
    for column in stride(from: 0, to: columns, by: S.lanes) {
      let start = column &* inner
      let sums =
        inner == 2 ? pairs(start) : pairs(start).pairSums(pairs(start &+ 2 &* S.lanes))
      c.setLanes(sums, at: column)
    }
  }

  /// The dot products with rows of any length.
  @inline(__always)
  private func dots(
    _ x: UnsafePointer<S>, _ b: UnsafePointer<S>, into c: UnsafeMutablePointer<S>
  ) {
    let whole = columnOfA == 1 ? inner &- inner % S.lanes : 0
    for column in 0..<columns {
      let row = b + column &* inner
      var sum: S = 0
      if whole > 0 {
        var sums = Vector(repeating: 0)
        var l = 0
        while l < whole {
          sums.addProduct(x.lanes(at: l), row.lanes(at: l))
          l &+= S.lanes
        }
        sum = sums.total
      }
      for l in whole..<inner { sum.addProduct(x[l &* columnOfA], row[l]) }
      c[column] = sum
    }
  }
}

extension SIMD where Scalar: RealScalar {
  /// The sums of neighbouring lanes, those of this vector first.
  @inline(__always)
  fileprivate func pairSums(_ other: Self) -> Self {
    var (even, odd) = (self, self)
    let half = Self.scalarCount / 2
    for lane in 0..<half {
      (even[lane], odd[lane]) = (self[2 &* lane], self[2 &* lane &+ 1])
      (even[half &+ lane], odd[half &+ lane]) = (other[2 &* lane], other[2 &* lane &+ 1])
    }
    return even + odd
  }
}
