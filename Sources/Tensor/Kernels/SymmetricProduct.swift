/// The number of elements of scratch memory that `symmetricProduct` needs.
public func symmetricProductScratch(size n: Int, count m: Int) -> Int {
  m * partialStride(size: n) + TrianglePanels(size: n).count * panelScratch(size: n, count: m)
}

/// A panel's partial sums of the result, its sums along rows, one block of the diagonal, and the
/// tiles of a last group of rows.
private func panelScratch(size n: Int, count m: Int) -> Int {
  let rows = TrianglePanels.rowsAtATime
  return m * partialStride(size: n) + m * rows * Float.lanes + rows * rows + rows * filledTileWidth
}

/// The distance between two partial results; a multiple of what fills a cache line.
private func partialStride(size n: Int) -> Int { TrianglePanels.padded(n) }

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
  let groups = VectorGroups<S>(count: m, stride: partialStride(size: n))
  // Blocks and panels write places of their own.
  nonisolated(unsafe) let (p, v, x) = (p, v, x)
  nonisolated(unsafe) let (vectors, partials) = (scratch, scratch + m * groups.stride)
  // Little is copied sooner than the others hear of it.
  let share = TrianglePanels.padded(max(16384 / m, 512))
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
  _ partials: UnsafePointer<S>, stride: Int, _ panels: TrianglePanels, _ groups: VectorGroups<S>,
  columns: Range<Int>, into x: UnsafeMutablePointer<S>
) {
  // Panels that end before a column have nothing for it.
  var first = 0
  for j in Swift.stride(from: columns.lowerBound, to: columns.upperBound, by: S.lanes) {
    while panels.start(first + 1) <= j { first += 1 }
    for k in 0..<groups.count {
      let offset = groups.offset(k, column: j)
      var sum = S.Vector(repeating: 0)
      for panel in first..<panels.count { sum += partials.lanes(at: panel * stride + offset) }
      let target = x + k * panels.size + j
      if j + S.lanes <= columns.upperBound {
        target.setLanes(sum, at: 0)
      } else {
        for i in 0..<columns.upperBound - j { target[i] = sum[i] }
      }
    }
  }
}

/// The part of the products that comes from some rows of the triangle, at the start of the
/// scratch memory (up to the last of these rows; the rest is left as it is).
@_specialize(where S == Float)
@_specialize(where S == Double)
private func productOfPanel<S: RealScalar>(
  _ p: UnsafePointer<S>, size n: Int, _ v: UnsafePointer<S>, _ groups: VectorGroups<S>,
  rows: Range<Int>, scratch: UnsafeMutablePointer<S>
) {
  let m = groups.count
  let height = TrianglePanels.rowsAtATime
  let groupsOfSums = VectorGroups<S>(count: m, stride: height * S.lanes)
  let sums = scratch + m * groups.stride
  let block = sums + m * height * S.lanes
  let filled = block + height * height
  var first = rows.lowerBound
  while first < rows.upperBound {
    let count = min(height, rows.upperBound - first)
    let isFull = count == height
    let triangle = p + first * n
    sums.update(repeating: 0, count: m * height * S.lanes)
    let tile = isFull ? TrianglePanels.columnsAtATime(count: m) : filledTileWidth
    var left = 0
    // `first` is a multiple of the height, and so is every width.
    while left < first {
      let width = min(tile, first - left)
      if !isFull { fill(triangle + left, leading: n, count: count, width: width, into: filled) }
      let part = TriangleRectangle(
        p: isFull ? triangle + left : UnsafePointer(filled), leading: isFull ? n : filledTileWidth,
        row: first, column: left, width: width, groups: groups, vectors: v, products: scratch,
        sums: sums, next: triangle + (left + width < first ? left + width : height * n))
      if first == rows.lowerBound { part.clearColumns() }
      part.multiply()
      left += width
    }
    mirror(triangle + first, leading: n, count: count, into: block)
    for k in 0..<m {
      let (offset, step) = (groups.offset(k, column: first), groups.step(k))
      let ofRows = UnsafePointer(sums) + groupsOfSums.offset(k, column: 0)
      for part in 0..<height / S.lanes {
        var sum = totals(ofRows + part * S.lanes * step, step: step)
        // Two sums, since each product waits for the one before.
        var odd = S.Vector(repeating: 0)
        var row = block + part * S.lanes
        for other in 0..<height / S.lanes {
          let elements = v + offset + other * step
          for j in 0..<S.lanes / 2 {
            sum.addProduct(row.lanes(at: 0), S.Vector(repeating: elements[2 &* j]))
            odd.addProduct(row.lanes(at: height), S.Vector(repeating: elements[2 &* j &+ 1]))
            row += 2 * height
          }
        }
        (scratch + offset).setLanes(sum + odd, at: part * step)
      }
    }
    first += height
  }
}

/// Copies a part of the last rows, and rows of zeros up to as many as are taken at a time.
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

/// The sums of the lanes of as many vectors as one has lanes.
@inline(__always)
private func totals<S: RealScalar>(_ sums: UnsafePointer<S>, step: Int) -> S.Vector {
  @inline(__always) func one(_ row: Int) -> S.Vector { sums.lanes(at: row * step) }
  @inline(__always) func two(_ row: Int) -> S.Vector { sumsOfPairs(one(row), one(row + 1)) }
  @inline(__always) func four(_ row: Int) -> S.Vector { sumsOfPairs(two(row), two(row + 2)) }
  @inline(__always) func eight(_ row: Int) -> S.Vector { sumsOfPairs(four(row), four(row + 4)) }
  switch S.lanes {
  case 2: return two(0)
  case 4: return four(0)
  case 8: return eight(0)
  default: return sumsOfPairs(eight(0), eight(8))
  }
}

/// The sums of neighbouring lanes of one vector, then those of another.
@inline(__always)
private func sumsOfPairs<Vector: RealVector>(_ a: Vector, _ b: Vector) -> Vector {
  let half = Vector.scalarCount / 2
  var (even, odd) = (a, a)
  // Permutations of both vectors; sums of single elements would become as many instructions.
  for lane in 0..<half {
    even[lane] = a[2 &* lane]
    odd[lane] = a[2 &* lane &+ 1]
    even[half &+ lane] = b[2 &* lane]
    odd[half &+ lane] = b[2 &* lane &+ 1]
  }
  return even + odd
}

/// Copies a block on the diagonal as a full symmetric one of as many columns as rows are taken at a
/// time, zero beyond `count`.
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
