/// The number of elements of scratch memory that `symmetricProduct` needs.
public func symmetricProductScratch(size n: Int, count m: Int) -> Int {
  TrianglePanels(size: n).count * panelScratch(size: n, count: m)
}

/// A panel's partial sums of the result, its sums along rows, and one block of the diagonal.
private func panelScratch(size n: Int, count m: Int) -> Int {
  let rows = TrianglePanels.rowsAtATime
  return m * partialStride(size: n) + m * rows * 8 + rows * rows
}

/// The distance between two partial results; a multiple of what fills a cache line.
private func partialStride(size n: Int) -> Int { (n + 15) / 16 * 16 }

/// Multiplies a symmetric matrix with several vectors, `x[k] = P v[k]`, in one pass over P.
///
/// Only the lower triangle of P, row i from column 0 to i, is read: each element works on its row
/// and on its column at once. The result does not depend on the number of threads.
/// - Parameters:
///   - p: the matrix, [n, n] by rows.
///   - n: the number of rows.
///   - v: the vectors, [m, n].
///   - m: the number of vectors.
///   - x: the products, [m, n]; may not overlap v.
///   - workers: the threads that share the work.
///   - scratch: memory for ``symmetricProductScratch(size:count:)`` elements.
@_specialize(where S == Float)
@_specialize(where S == Double)
public func symmetricProduct<S: RealScalar>(
  _ p: UnsafePointer<S>, size n: Int, _ v: UnsafePointer<S>, count m: Int,
  into x: UnsafeMutablePointer<S>, workers: Workers, scratch: UnsafeMutablePointer<S>
) {
  assert(n >= 0 && m >= 0, "symmetricProduct: extents are not negative")
  if n == 0 || m == 0 { return }
  let panels = TrianglePanels(size: n)
  let stride = panelScratch(size: n, count: m)
  workers.forEach(panels.count) { panel in
    productOfPanel(
      p, size: n, v, count: m, rows: panels.rows(panel), scratch: scratch + panel * stride)
  }
  let columns = 512
  workers.forEach((n + columns - 1) / columns) { block in
    let block = block * columns..<min((block + 1) * columns, n)
    for k in 0..<m {
      (x + k * n + block.lowerBound).update(repeating: 0, count: block.count)
      for panel in 0..<panels.count {
        let partial = scratch + panel * stride + k * partialStride(size: n)
        let end = min(block.upperBound, panels.start(panel + 1))
        if end > block.lowerBound { add(partial, to: x + k * n, block.lowerBound..<end) }
      }
    }
  }
}

@inline(__always)
private func add<S: RealScalar>(
  _ y: UnsafeMutablePointer<S>, to x: UnsafeMutablePointer<S>, _ range: Range<Int>
) {
  var j = range.lowerBound
  while j + 8 <= range.upperBound {
    x.setLanes(x.lanes(at: j) + y.lanes(at: j), at: j)
    j += 8
  }
  while j < range.upperBound {
    x[j] += y[j]
    j += 1
  }
}

/// The part of the products that comes from some rows of the triangle, at the start of the
/// scratch memory (up to the last of these rows; the rest is left as it is).
@_specialize(where S == Float)
@_specialize(where S == Double)
private func productOfPanel<S: RealScalar>(
  _ p: UnsafePointer<S>, size n: Int, _ v: UnsafePointer<S>, count m: Int, rows: Range<Int>,
  scratch: UnsafeMutablePointer<S>
) {
  let height = TrianglePanels.rowsAtATime
  let tile = 256
  let stride = partialStride(size: n)
  let sums = scratch + m * stride
  let block = sums + m * height * 8
  for k in 0..<m { (scratch + k * stride).update(repeating: 0, count: rows.upperBound) }
  var first = rows.lowerBound
  while first < rows.upperBound {
    let count = min(height, rows.upperBound - first)
    let triangle = p + first * n
    sums.update(repeating: 0, count: m * height * 8)
    var left = 0
    // `first` is a multiple of eight, and so is every width.
    while left < first {
      let width = min(tile, first - left)
      for k in 0..<m {
        let vector = v + k * n
        let part = Rectangle(
          p: triangle + left, leading: n, rows: count, width: width, vector: vector + left,
          elements: vector + first, columns: scratch + k * stride + left,
          sums: sums + k * height * 8)
        // Sixteen registers hold four rows of half as many doubles as floats.
        if MemoryLayout<S>.size == 4 {
          part.multiply(SIMD8<S>.self)
        } else {
          part.multiply(SIMD4<S>.self)
        }
      }
      left += width
    }
    mirror(triangle + first, leading: n, count: count, into: block)
    for k in 0..<m {
      let vector = v + k * n + first
      let result = scratch + k * stride + first
      var low = SIMD8<S>(repeating: 0)
      var high = low
      for j in 0..<count {
        let factor = SIMD8(repeating: vector[j])
        low.addProduct(block.lanes(at: j * height), factor)
        high.addProduct(block.lanes(at: j * height + 8), factor)
      }
      for row in 0..<count {
        result[row] +=
          (row < 8 ? low[row] : high[row - 8]) + sums.lanes(at: (k * height + row) * 8).total
      }
    }
    first += height
  }
}

/// A rectangle of P left of the diagonal, and what one vector has to do with it.
private struct Rectangle<S: RealScalar> {
  let p: UnsafePointer<S>
  let leading: Int
  let rows: Int
  let width: Int
  /// The elements of the vector that its columns multiply, and those that its rows multiply.
  let vector: UnsafePointer<S>, elements: UnsafePointer<S>
  /// The partial result at its columns.
  let columns: UnsafeMutablePointer<S>
  /// Eight partial sums for each of its rows.
  let sums: UnsafeMutablePointer<S>

  @inline(__always)
  func multiply<Vector: SIMD>(_: Vector.Type) where Vector.Scalar == S {
    var row = 0
    while row + 4 <= rows {
      fourRows(from: row, Vector.self)
      row += 4
    }
    while row < rows {
      oneRow(row, Vector.self)
      row += 1
    }
  }

  @inline(__always)
  private func fourRows<Vector: SIMD>(from row: Int, _: Vector.Type) where Vector.Scalar == S {
    let p0 = p + row * leading
    let (p1, p2, p3) = (p0 + leading, p0 + 2 * leading, p0 + 3 * leading)
    let sums = sums + row * 8
    var s0 = sums.vector(Vector.self, at: 0)
    var s1 = sums.vector(Vector.self, at: 8)
    var s2 = sums.vector(Vector.self, at: 16)
    var s3 = sums.vector(Vector.self, at: 24)
    let e0 = Vector(repeating: elements[row])
    let e1 = Vector(repeating: elements[row + 1])
    let e2 = Vector(repeating: elements[row + 2])
    let e3 = Vector(repeating: elements[row + 3])
    var j = 0
    while j < width {
      let u = vector.vector(Vector.self, at: j)
      var column = columns.vector(Vector.self, at: j)
      let a0 = p0.vector(Vector.self, at: j)
      s0.addProduct(a0, u)
      column.addProduct(a0, e0)
      let a1 = p1.vector(Vector.self, at: j)
      s1.addProduct(a1, u)
      column.addProduct(a1, e1)
      let a2 = p2.vector(Vector.self, at: j)
      s2.addProduct(a2, u)
      column.addProduct(a2, e2)
      let a3 = p3.vector(Vector.self, at: j)
      s3.addProduct(a3, u)
      column.addProduct(a3, e3)
      columns.setVector(column, at: j)
      j += Vector.scalarCount
    }
    sums.setVector(s0, at: 0)
    sums.setVector(s1, at: 8)
    sums.setVector(s2, at: 16)
    sums.setVector(s3, at: 24)
  }

  @inline(__always)
  private func oneRow<Vector: SIMD>(_ row: Int, _: Vector.Type) where Vector.Scalar == S {
    let p = p + row * leading
    var sum = sums.vector(Vector.self, at: row * 8)
    let element = Vector(repeating: elements[row])
    var j = 0
    while j < width {
      let a = p.vector(Vector.self, at: j)
      sum.addProduct(a, vector.vector(Vector.self, at: j))
      let column = columns.vector(Vector.self, at: j)
      columns.setVector(column.addingProduct(a, element), at: j)
      j += Vector.scalarCount
    }
    sums.setVector(sum, at: row * 8)
  }
}

/// Copies a block on the diagonal as a full symmetric one of sixteen columns, zero beyond `count`.
@inline(__always)
private func mirror<S: RealScalar>(
  _ triangle: UnsafePointer<S>, leading n: Int, count: Int, into block: UnsafeMutablePointer<S>
) {
  let height = TrianglePanels.rowsAtATime
  if count < height { block.update(repeating: 0, count: height * height) }
  for row in 0..<count {
    for column in 0...row {
      let element = triangle[row * n + column]
      block[row * height + column] = element
      block[column * height + row] = element
    }
  }
}
