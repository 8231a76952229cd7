/// The number of elements of scratch memory that `symmetricProduct` needs.
public func symmetricProductScratch(size n: Int, count m: Int) -> Int {
  m * partialStride(size: n) + TrianglePanels(size: n).count * panelScratch(size: n, count: m)
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
  // Rows whose length is not a multiple of a cache line's are moved to where they are.
  let rowStride = partialStride(size: n)
  for k in 0..<m { (scratch + k * rowStride).update(from: v + k * n, count: n) }
  let (vectors, scratch) = (UnsafePointer(scratch), scratch + m * rowStride)
  workers.forEach(panels.count) { panel in
    productOfPanel(
      p, size: n, vectors, count: m, rows: panels.rows(panel), scratch: scratch + panel * stride)
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
  let tile = TrianglePanels.columnsAtATime(count: m)
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
    // `first` is a multiple of sixteen, and so is every width.
    while left < first {
      let width = min(tile, first - left)
      let part = TriangleRectangle(
        p: triangle + left, leading: n, rows: count, width: width, vectors: v + left,
        elements: v + first, columns: scratch + left, stride: stride, sums: sums)
      // Sixteen registers hold half as many doubles as floats.
      if MemoryLayout<S>.size == 4 {
        part.multiply(count: m, SIMD8<S>.self)
      } else {
        part.multiply(count: m, SIMD4<S>.self)
      }
      left += width
    }
    mirror(triangle + first, leading: n, count: count, into: block)
    for k in 0..<m {
      let vector = v + k * stride + first
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
