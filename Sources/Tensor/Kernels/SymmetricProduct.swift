/// The number of elements of scratch memory that `symmetricProduct` needs.
public func symmetricProductScratch(size n: Int, count m: Int) -> Int {
  m * partialStride(size: n) + TrianglePanels(size: n).count * panelScratch(size: n, count: m)
}

/// A panel's partial sums of the result, its sums along rows, one block of the diagonal, and the
/// tiles of a last group of rows.
private func panelScratch(size n: Int, count m: Int) -> Int {
  let rows = TrianglePanels.rowsAtATime
  return m * partialStride(size: n) + m * rows * 8 + rows * rows + rows * filledTileWidth
}

/// The distance between two partial results; a multiple of what fills a cache line.
private func partialStride(size n: Int) -> Int { (n + 15) / 16 * 16 }

/// The columns of a tile that is copied.
private let filledTileWidth = 64

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
  let groups = VectorGroups(count: m, stride: partialStride(size: n))
  // Blocks and panels write places of their own.
  nonisolated(unsafe) let (p, v, x) = (p, v, x)
  nonisolated(unsafe) let (vectors, partials) = (scratch, scratch + m * groups.stride)
  // Little is copied sooner than the others hear of it.
  let share = max(16384 / m, 512) / 16 * 16
  workers.forEach((n + share - 1) / share) { block in
    groups.pack(v, size: n, columns: block * share..<min((block + 1) * share, n), into: vectors)
  }
  workers.forEach(panels.count) { panel in
    productOfPanel(
      p, size: n, UnsafePointer(vectors), groups, rows: panels.rows(panel),
      scratch: partials + panel * stride)
  }
  let columns = 512
  workers.forEach((n + columns - 1) / columns) { block in
    addPartials(
      UnsafePointer(partials), stride: stride, panels, groups,
      columns: block * columns..<min((block + 1) * columns, n), into: x)
  }
}

/// The sums of the panels' partial products at some columns.
@inline(__always)
private func addPartials<S: RealScalar>(
  _ partials: UnsafePointer<S>, stride: Int, _ panels: TrianglePanels, _ groups: VectorGroups,
  columns: Range<Int>, into x: UnsafeMutablePointer<S>
) {
  // Panels that end before a column have nothing for it.
  var first = 0
  for j in Swift.stride(from: columns.lowerBound, to: columns.upperBound, by: 16) {
    while panels.start(first + 1) <= j { first += 1 }
    for k in 0..<groups.count {
      let (offset, step) = (groups.offset(k, column: j), groups.step(k))
      var low = SIMD8<S>(repeating: 0)
      var high = low
      for panel in first..<panels.count {
        let partial = partials + panel * stride + offset
        low += partial.lanes(at: 0)
        high += partial.lanes(at: step)
      }
      let target = x + k * panels.size + j
      if j + 16 <= columns.upperBound {
        target.setLanes(low, at: 0)
        target.setLanes(high, at: 8)
      } else {
        for i in 0..<columns.upperBound - j { target[i] = i < 8 ? low[i] : high[i - 8] }
      }
    }
  }
}

/// The part of the products that comes from some rows of the triangle, at the start of the
/// scratch memory (up to the last of these rows; the rest is left as it is).
@_specialize(where S == Float)
@_specialize(where S == Double)
private func productOfPanel<S: RealScalar>(
  _ p: UnsafePointer<S>, size n: Int, _ v: UnsafePointer<S>, _ groups: VectorGroups,
  rows: Range<Int>, scratch: UnsafeMutablePointer<S>
) {
  let m = groups.count
  let height = TrianglePanels.rowsAtATime
  let groupsOfSums = VectorGroups(count: m, stride: height * 8)
  let sums = scratch + m * groups.stride
  let block = sums + m * height * 8
  let filled = block + height * height
  var first = rows.lowerBound
  while first < rows.upperBound {
    let count = min(height, rows.upperBound - first)
    let isFull = count == height
    let triangle = p + first * n
    sums.update(repeating: 0, count: m * height * 8)
    let tile = isFull ? TrianglePanels.columnsAtATime(count: m) : filledTileWidth
    var left = 0
    // `first` is a multiple of sixteen, and so is every width.
    while left < first {
      let width = min(tile, first - left)
      if !isFull { fill(triangle + left, leading: n, count: count, width: width, into: filled) }
      let part = TriangleRectangle(
        p: isFull ? triangle + left : UnsafePointer(filled), leading: isFull ? n : filledTileWidth,
        row: first, column: left, width: width, groups: groups, vectors: v, products: scratch,
        sums: sums, next: triangle + (left + width < first ? left + width : height * n))
      if first == rows.lowerBound { part.clearColumns() }
      // Sixteen registers hold half as many doubles as floats.
      if MemoryLayout<S>.size == 4 {
        part.multiply(SIMD8<S>.self)
      } else {
        part.multiply(SIMD4<S>.self)
      }
      left += width
    }
    mirror(triangle + first, leading: n, count: count, into: block)
    for k in 0..<m {
      let (offset, step) = (groups.offset(k, column: first), groups.step(k))
      let ofRows = UnsafePointer(sums) + groupsOfSums.offset(k, column: 0)
      var low = totals(ofRows, step: step)
      var high = totals(ofRows + 8 * step, step: step)
      for j in 0..<height {
        let factor = SIMD8(repeating: v[offset + (j < 8 ? j : step + j - 8)])
        low.addProduct(block.lanes(at: j * height), factor)
        high.addProduct(block.lanes(at: j * height + 8), factor)
      }
      (scratch + offset).setLanes(low, at: 0)
      (scratch + offset).setLanes(high, at: step)
    }
    first += height
  }
}

/// Copies a part of the last rows, and as many rows of zeros as sixteen rows take.
@inline(__always)
private func fill<S: RealScalar>(
  _ part: UnsafePointer<S>, leading n: Int, count: Int, width: Int,
  into filled: UnsafeMutablePointer<S>
) {
  for row in 0..<TrianglePanels.rowsAtATime {
    let target = filled + row * filledTileWidth
    if row < count {
      target.update(from: part + row * n, count: width)
    } else {
      target.update(repeating: 0, count: width)
    }
  }
}

/// The sums of the lanes of eight vectors.
@inline(__always)
private func totals<S: RealScalar>(_ sums: UnsafePointer<S>, step: Int) -> SIMD8<S> {
  sumsOfPairs(
    sumsOfPairs(
      sumsOfPairs(sums.lanes(at: 0), sums.lanes(at: step)),
      sumsOfPairs(sums.lanes(at: 2 * step), sums.lanes(at: 3 * step))),
    sumsOfPairs(
      sumsOfPairs(sums.lanes(at: 4 * step), sums.lanes(at: 5 * step)),
      sumsOfPairs(sums.lanes(at: 6 * step), sums.lanes(at: 7 * step))))
}

@inline(__always)
private func sumsOfPairs<S: RealScalar>(_ a: SIMD8<S>, _ b: SIMD8<S>) -> SIMD8<S> {
  let both = SIMD16(lowHalf: a, highHalf: b)
  return both.evenHalf + both.oddHalf
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
