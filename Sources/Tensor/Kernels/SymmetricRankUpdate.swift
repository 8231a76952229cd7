/// Scales a symmetric matrix, subtracts a sum of outer products from it and adds a number to its
/// diagonal, `P[i, j] ← f P[i, j] - Σ_k u[k, i] u[k, j] + q δ[i, j]`, in one pass.
///
/// Only the lower triangle, row i from column 0 to i, is kept up to date; elements up to sixteen
/// columns right of the diagonal may be overwritten. The sum is taken first, in order of k. The
/// result does not depend on the number of threads. With no vectors, f = 1 and q = 0 nothing is done.
///
/// The diagonal is then raised by one unit in its last place. Rounding changes each element by at
/// most half of that, so P stays positive where it would be without rounding: what the errors may
/// take from xᵀ P x is of the size of `ulp Σ P[i, i] x[i]²`, and so is what is given.
/// - Parameters:
///   - p: the matrix, [n, n] by rows.
///   - n: the number of rows.
///   - f: what the matrix is multiplied with.
///   - u: the vectors, [m, n].
///   - m: the number of vectors.
///   - q: what is added to each element of the diagonal.
///   - workers: the threads that share the work.
@_specialize(where S == Float)
@_specialize(where S == Double)
public func symmetricRankUpdate<S: RealScalar>(
  _ p: UnsafeMutablePointer<S>, size n: Int, scaledBy f: S, subtracting u: UnsafePointer<S>,
  count m: Int, addingToDiagonal q: S, workers: Workers
) {
  assert(n >= 0 && m >= 0, "symmetricRankUpdate: extents are not negative")
  if m == 0 && f == 1 && q == 0 { return }
  let panels = TrianglePanels(size: n)
  workers.forEach(panels.count) { panel in
    updatePanel(p, size: n, f, u, count: m, q, rows: panels.rows(panel))
  }
}

@_specialize(where S == Float)
@_specialize(where S == Double)
private func updatePanel<S: RealScalar>(
  _ p: UnsafeMutablePointer<S>, size n: Int, _ f: S, _ u: UnsafePointer<S>, count m: Int, _ q: S,
  rows: Range<Int>
) {
  let height = TrianglePanels.rowsAtATime
  let tile = TrianglePanels.columnsAtATime(count: m)
  var first = rows.lowerBound
  while first < rows.upperBound {
    let count = min(height, rows.upperBound - first)
    // A full group of rows takes its square block on the diagonal along.
    let end = count == height ? first + height : first
    var left = 0
    while left < end {
      let right = min(left + tile, end)
      var row = first
      while row + 4 <= first + count {
        var column = left
        // Sixteen registers hold eight vectors of four doubles or eight floats.
        while column < right {
          let (block, columns) = (p + row * n + column, u + column)
          if MemoryLayout<S>.size == 4 {
            updateBlock(block, leading: n, f, u + row, columns, count: m, SIMD8<S>.self)
          } else {
            updateBlock(block, leading: n, f, u + row, columns, count: m, SIMD4<S>.self)
            updateBlock(block + 8, leading: n, f, u + row, columns + 8, count: m, SIMD4<S>.self)
          }
          column += 16
        }
        row += 4
      }
      while row < first + count {
        for column in left..<right { update(p, size: n, f, u, count: m, row, column) }
        row += 1
      }
      left = right
    }
    for row in first..<first + count {
      if count < height {
        for column in first...row { update(p, size: n, f, u, count: m, row, column) }
      }
      let element = p + row * n + row
      element.pointee = (element.pointee + q) * (1 + S.ulpOfOne)
    }
    first += height
  }
}

/// One element of the triangle.
@inline(__always)
private func update<S: RealScalar>(
  _ p: UnsafeMutablePointer<S>, size n: Int, _ f: S, _ u: UnsafePointer<S>, count m: Int,
  _ row: Int, _ column: Int
) {
  var sum: S = 0
  for k in 0..<m { sum.addProduct(u[k * n + row], u[k * n + column]) }
  p[row * n + column] = f * p[row * n + column] - sum
}

/// Four rows by two vectors of columns.
@inline(__always)
private func updateBlock<S: RealScalar, Vector: SIMD>(
  _ p: UnsafeMutablePointer<S>, leading n: Int, _ f: S, _ rows: UnsafePointer<S>,
  _ columns: UnsafePointer<S>, count m: Int, _: Vector.Type
) where Vector.Scalar == S {
  let zero = Vector(repeating: 0)
  var (a0, a1, a2, a3) = (zero, zero, zero, zero)
  var (b0, b1, b2, b3) = (zero, zero, zero, zero)
  var (rows, columns) = (rows, columns)
  for _ in 0..<m {
    let a = columns.vector(Vector.self, at: 0)
    let b = columns.vector(Vector.self, at: Vector.scalarCount)
    let r0 = Vector(repeating: rows[0])
    a0.addProduct(a, r0)
    b0.addProduct(b, r0)
    let r1 = Vector(repeating: rows[1])
    a1.addProduct(a, r1)
    b1.addProduct(b, r1)
    let r2 = Vector(repeating: rows[2])
    a2.addProduct(a, r2)
    b2.addProduct(b, r2)
    let r3 = Vector(repeating: rows[3])
    a3.addProduct(a, r3)
    b3.addProduct(b, r3)
    rows += n
    columns += n
  }
  let factor = Vector(repeating: f)
  updateRow(p, factor, a0, b0)
  updateRow(p + n, factor, a1, b1)
  updateRow(p + 2 * n, factor, a2, b2)
  updateRow(p + 3 * n, factor, a3, b3)
}

@inline(__always)
private func updateRow<S: RealScalar, Vector: SIMD>(
  _ p: UnsafeMutablePointer<S>, _ factor: Vector, _ a: Vector, _ b: Vector
) where Vector.Scalar == S {
  let lanes = Vector.scalarCount
  p.setVector((-a).addingProduct(factor, p.vector(Vector.self, at: 0)), at: 0)
  p.setVector((-b).addingProduct(factor, p.vector(Vector.self, at: lanes)), at: lanes)
}
