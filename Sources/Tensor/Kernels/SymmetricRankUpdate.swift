/// The number of elements of scratch memory that `symmetricRankUpdate` needs.
public func symmetricRankUpdateScratch(size n: Int, count m: Int) -> Int {
  TrianglePanels.padded(n) * m
}

/// Scales a symmetric matrix, subtracts a sum of outer products from it and adds a number to its
/// diagonal, `P[i, j] ← f P[i, j] - Σ_k u[k, i] u[k, j] + q δ[i, j]`, in one pass.
///
/// Only the lower triangle, row i from column 0 to i, is kept up to date; elements some
/// columns right of the diagonal may be overwritten. The sum is taken first, in order of k. The
/// result does not depend on the number of threads. With no vectors, f = 1 and q = 0 nothing is done.
///
/// The diagonal is then raised by one unit in its last place. Rounding changes each element by at
/// most half of that, so P stays positive where it would be without rounding: what the errors may
/// take from xᵀ P x is of the size of `ulp Σ P[i, i] x[i]²`, and so is what is given.
/// - Parameters:
///   - p: the matrix, [n, n] by rows.
///   - n: the number of rows.
///   - f: the factor of the matrix.
///   - u: the vectors, [m, n].
///   - m: the number of vectors.
///   - q: the summand of each element of the diagonal.
///   - workers: the threads that share the work.
///   - scratch: memory for ``symmetricRankUpdateScratch(size:count:)`` elements.
@_specialize(where S == Float)
@_specialize(where S == Double)
public func symmetricRankUpdate<S: RealScalar>(
  _ p: UnsafeMutablePointer<S>, size n: Int, scaledBy f: S, subtracting u: UnsafePointer<S>,
  count m: Int, addingToDiagonal q: S, workers: Workers, scratch: UnsafeMutablePointer<S>
) {
  assert(n >= 0 && m >= 0, "symmetricRankUpdate: extents are not negative")
  if m == 0 && f == 1 && q == 0 { return }
  // Blocks and panels write places of their own.
  nonisolated(unsafe) let (p, u, scratch) = (p, u, scratch)
  // Some columns of all vectors lie together, as they are used.
  let width = TrianglePanels.rowsAtATime
  let blocks = (n + width - 1) / width
  workers.forEach((blocks + 15) / 16) { part in
    for block in part * 16..<min(blocks, (part + 1) * 16) {
      pack(u, size: n, count: m, block: block, into: scratch + block * m * width)
    }
  }
  let panels = TrianglePanels(size: n)
  workers.forEach(panels.count) { panel in
    updatePanel(p, size: n, f, UnsafePointer(scratch), count: m, q, rows: panels.rows(panel))
  }
}

/// Copies as many columns of the vectors as rows are taken at a time, zero beyond the last.
@inline(__always)
private func pack<S: RealScalar>(
  _ u: UnsafePointer<S>, size n: Int, count m: Int, block: Int,
  into packed: UnsafeMutablePointer<S>
) {
  let width = TrianglePanels.rowsAtATime
  let first = block * width
  for k in 0..<m {
    let (row, target) = (u + k * n + first, packed + k * width)
    if first + width <= n {
      for j in stride(from: 0, to: width, by: S.lanes) { target.setLanes(row.lanes(at: j), at: j) }
    } else {
      for j in 0..<width { target[j] = first + j < n ? row[j] : 0 }
    }
  }
}

@_specialize(where S == Float)
@_specialize(where S == Double)
private func updatePanel<S: RealScalar>(
  _ p: UnsafeMutablePointer<S>, size n: Int, _ f: S, _ packed: UnsafePointer<S>, count m: Int,
  _ q: S, rows: Range<Int>
) {
  let height = TrianglePanels.rowsAtATime
  var first = rows.lowerBound
  while first < rows.upperBound {
    let count = min(height, rows.upperBound - first)
    let own = packed + first * m
    // A full group of rows takes its square block on the diagonal along.
    let end = count == height ? first + height : first
    var column = 0
    while column < end {
      // Sixteen registers hold twelve vectors and their factors: two of columns and six rows at most.
      // A wide vector takes all columns alone.
      var (row, blocks) = (0, (count + 5) / 6)
      while row < count {
        let rows = (count - row + blocks - 1) / blocks
        for part in stride(from: 0, to: height, by: S.lanes * (S.fillsColumns ? 1 : 2)) {
          updateRows(
            p + (first + row) * n + column + part, leading: n, f, own + row,
            packed + column * m + part, m, rows)
        }
        row += rows
        blocks -= 1
      }
      column += height
    }
    for row in 0..<count {
      let triangle = p + (first + row) * n + first
      if count < height {
        for column in 0...row {
          var sum: S = 0
          for k in 0..<m { sum.addProduct(own[k * height + row], own[k * height + column]) }
          triangle[column] = f * triangle[column] - sum
        }
      }
      triangle[row] = (triangle[row] + q) * (1 + S.ulpOfOne)
    }
    first += height
  }
}

extension RealScalar {
  /// Whether one vector takes all columns of a block, so that there is no second one.
  @inline(__always)
  fileprivate static var fillsColumns: Bool { lanes >= TrianglePanels.rowsAtATime }
}

@inline(__always)
private func updateRows<S: RealScalar>(
  _ p: UnsafeMutablePointer<S>, leading n: Int, _ f: S, _ rows: UnsafePointer<S>,
  _ columns: UnsafePointer<S>, _ m: Int, _ count: Int
) {
  switch count {
  case 6: updateBlock(p, leading: n, f, rows, columns, count: m, height: 6)
  case 5: updateBlock(p, leading: n, f, rows, columns, count: m, height: 5)
  case 4: updateBlock(p, leading: n, f, rows, columns, count: m, height: 4)
  case 3: updateBlock(p, leading: n, f, rows, columns, count: m, height: 3)
  case 2: updateBlock(p, leading: n, f, rows, columns, count: m, height: 2)
  default: updateBlock(p, leading: n, f, rows, columns, count: m, height: 1)
  }
}

/// Some rows by two vectors of columns, or one that takes them all. The height is a literal, so branches it
/// rules out are not compiled.
@inline(__always)
private func updateBlock<S: RealScalar>(
  _ p: UnsafeMutablePointer<S>, leading n: Int, _ f: S, _ rows: UnsafePointer<S>,
  _ columns: UnsafePointer<S>, count m: Int, height: Int
) {
  let zero = S.Vector(repeating: 0)
  var (a0, a1, a2, a3, a4, a5) = (zero, zero, zero, zero, zero, zero)
  var (b0, b1, b2, b3, b4, b5) = (zero, zero, zero, zero, zero, zero)
  var (rows, columns) = (rows, columns)
  for _ in 0..<m {
    let a = columns.lanes(at: 0)
    let b = S.fillsColumns ? zero : columns.lanes(at: S.lanes)
    addRow(a, b, rows[0], &a0, &b0)
    if height > 1 { addRow(a, b, rows[1], &a1, &b1) }
    if height > 2 { addRow(a, b, rows[2], &a2, &b2) }
    if height > 3 { addRow(a, b, rows[3], &a3, &b3) }
    if height > 4 { addRow(a, b, rows[4], &a4, &b4) }
    if height > 5 { addRow(a, b, rows[5], &a5, &b5) }
    rows += TrianglePanels.rowsAtATime
    columns += TrianglePanels.rowsAtATime
  }
  let factor = S.Vector(repeating: f)
  updateRow(p, factor, a0, b0)
  if height > 1 { updateRow(p + n, factor, a1, b1) }
  if height > 2 { updateRow(p + 2 * n, factor, a2, b2) }
  if height > 3 { updateRow(p + 3 * n, factor, a3, b3) }
  if height > 4 { updateRow(p + 4 * n, factor, a4, b4) }
  if height > 5 { updateRow(p + 5 * n, factor, a5, b5) }
}

@inline(__always)
private func addRow<Vector: RealVector>(
  _ a: Vector, _ b: Vector, _ element: Vector.Scalar, _ sumA: inout Vector, _ sumB: inout Vector
) {
  let factor = Vector(repeating: element)
  sumA.addProduct(a, factor)
  if !Vector.Scalar.fillsColumns { sumB.addProduct(b, factor) }
}

@inline(__always)
private func updateRow<Vector: RealVector>(
  _ p: UnsafeMutablePointer<Vector.Scalar>, _ factor: Vector, _ a: Vector, _ b: Vector
) {
  p.setLanes((-a).addingProduct(factor, p.lanes(at: 0)), at: 0)
  if Vector.Scalar.fillsColumns { return }
  p.setLanes((-b).addingProduct(factor, p.lanes(at: Vector.Scalar.lanes)), at: Vector.Scalar.lanes)
}
