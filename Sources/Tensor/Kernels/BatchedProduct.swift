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
  let (rowOfA, columnOfA) = transposedA ? (1, rows) : (inner, 1)
  var (a, b, c) = (a, b, c)
  for _ in 0..<batch {
    for row in 0..<rows {
      if transposedB && inner > 1 {
        dots(a + row &* rowOfA, columnOfA, b, into: c, columns, inner)
      } else {
        combination(a + row &* rowOfA, columnOfA, b, into: c, columns, inner)
      }
      c += columns
    }
    a += rows &* inner
    b += inner &* columns
  }
}

/// A combination of the rows of a matrix, `c[j] = Σ x[l · step] b[l, j]`.
@inline(__always)
private func combination<S: RealScalar>(
  _ x: UnsafePointer<S>, _ step: Int, _ b: UnsafePointer<S>, into c: UnsafeMutablePointer<S>,
  _ columns: Int, _ inner: Int
) {
  var column = 0
  while column &+ S.lanes <= columns {
    var sums = S.Vector(repeating: 0)
    for l in 0..<inner {
      sums.addProduct(
        S.Vector(repeating: x[l &* step]), (b + (l &* columns &+ column)).lanes(at: 0))
    }
    c.setLanes(sums, at: column)
    column &+= S.lanes
  }
  while column < columns {
    var sum: S = 0
    for l in 0..<inner { sum.addProduct(x[l &* step], b[l &* columns &+ column]) }
    c[column] = sum
    column &+= 1
  }
}

/// The dot products of one vector with the rows of a matrix, `c[j] = Σ x[l · step] b[j, l]`.
@inline(__always)
private func dots<S: RealScalar>(
  _ x: UnsafePointer<S>, _ step: Int, _ b: UnsafePointer<S>, into c: UnsafeMutablePointer<S>,
  _ columns: Int, _ inner: Int
) {
  let whole = step == 1 ? inner &- inner % S.lanes : 0
  for column in 0..<columns {
    let row = b + column &* inner
    var sum: S = 0
    if whole > 0 {
      var sums = S.Vector(repeating: 0)
      var l = 0
      while l < whole {
        sums.addProduct(x.lanes(at: l), row.lanes(at: l))
        l &+= S.lanes
      }
      sum = sums.total
    }
    for l in whole..<inner { sum.addProduct(x[l &* step], row[l]) }
    c[column] = sum
  }
}
