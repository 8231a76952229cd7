/// Subtracts a sum of outer products from a symmetric matrix, `P[i, j] -= Σ_k u[k, i] u[k, j]`, and
/// adds a number to its diagonal, in one pass.
///
/// Only the lower triangle, row i from column 0 to i, is kept up to date; elements up to sixteen
/// columns right of the diagonal may be overwritten. The sum is taken first, in order of k. The
/// result does not depend on the number of threads.
/// - Parameters:
///   - p: the matrix, [n, n] by rows.
///   - n: the number of rows.
///   - u: the vectors, [m, n].
///   - m: the number of vectors.
///   - q: what is added to each element of the diagonal.
///   - workers: the threads that share the work.
@_specialize(where S == Float)
@_specialize(where S == Double)
public func symmetricRankUpdate<S: RealScalar>(
  _ p: UnsafeMutablePointer<S>, size n: Int, subtracting u: UnsafePointer<S>, count m: Int,
  addingToDiagonal q: S, workers: Workers
) {
  assert(n >= 0 && m >= 0, "symmetricRankUpdate: extents are not negative")
  let panels = TrianglePanels(size: n)
  workers.forEach(panels.count) { panel in
    updatePanel(p, size: n, u, count: m, q, rows: panels.rows(panel))
  }
}

@_specialize(where S == Float)
@_specialize(where S == Double)
private func updatePanel<S: RealScalar>(
  _ p: UnsafeMutablePointer<S>, size n: Int, _ u: UnsafePointer<S>, count m: Int, _ q: S,
  rows: Range<Int>
) {
  let height = TrianglePanels.rowsAtATime
  let tile = 256
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
            updateBlock(block, leading: n, u + row, columns, count: m, SIMD8<S>.self)
          } else {
            updateBlock(block, leading: n, u + row, columns, count: m, SIMD4<S>.self)
            updateBlock(block + 8, leading: n, u + row, columns + 8, count: m, SIMD4<S>.self)
          }
          column += 16
        }
        row += 4
      }
      while row < first + count {
        for column in left..<right { subtract(p, size: n, u, count: m, row, column) }
        row += 1
      }
      left = right
    }
    for row in first..<first + count {
      if count < height {
        for column in first...row { subtract(p, size: n, u, count: m, row, column) }
      }
      p[row * n + row] += q
    }
    first += height
  }
}

/// One element of the triangle.
@inline(__always)
private func subtract<S: RealScalar>(
  _ p: UnsafeMutablePointer<S>, size n: Int, _ u: UnsafePointer<S>, count m: Int, _ row: Int,
  _ column: Int
) {
  var sum: S = 0
  for k in 0..<m { sum.addProduct(u[k * n + row], u[k * n + column]) }
  p[row * n + column] -= sum
}

/// Four rows by two vectors of columns.
@inline(__always)
private func updateBlock<S: RealScalar, Vector: SIMD>(
  _ p: UnsafeMutablePointer<S>, leading n: Int, _ rows: UnsafePointer<S>,
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
  subtractRow(p, a0, b0)
  subtractRow(p + n, a1, b1)
  subtractRow(p + 2 * n, a2, b2)
  subtractRow(p + 3 * n, a3, b3)
}

@inline(__always)
private func subtractRow<S: RealScalar, Vector: SIMD>(
  _ p: UnsafeMutablePointer<S>, _ a: Vector, _ b: Vector
) where Vector.Scalar == S {
  p.setVector(p.vector(Vector.self, at: 0) - a, at: 0)
  p.setVector(p.vector(Vector.self, at: Vector.scalarCount) - b, at: Vector.scalarCount)
}
