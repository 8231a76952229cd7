import COpenBLAS

/// Some rows of a symmetric matrix left of the diagonal, from some column on, and what vectors
/// have to do with them: they stand for their mirror image as well.
struct TriangleRectangle<S: RealScalar> {
  typealias Vector = S.Vector

  let p: UnsafePointer<S>
  /// The distance between rows.
  let leading: Int
  /// The first row and the first column, and the number of columns, multiples of the rows taken at a
  /// time.
  let row: Int, column: Int, width: Int
  let groups: VectorGroups<S>
  /// The vectors, and their partial products.
  let vectors: UnsafePointer<S>, products: UnsafeMutablePointer<S>
  /// A vector of partial sums for each row, for the vectors of a group in turn.
  let sums: UnsafeMutablePointer<S>
  /// The beginning of the next rectangle that has rows at the same distance.
  let next: UnsafePointer<S>

  /// Makes the partial products at the columns zero.
  @inline(__always)
  func clearColumns() {
    var k = 0
    while k < groups.count {
      let vectors = k < groups.grouped ? groupSize : 1
      let target = products + groups.offset(k, column: column)
      target.update(repeating: 0, count: vectors * width)
      k += vectors
    }
  }

  /// Adds the products of all vectors with the rectangle and with its mirror image.
  @inline(__always)
  func multiply() {
    var k = 0
    while k < groups.grouped {
      fiveToColumns(k)
      fiveToRows(k)
      k += groupSize
    }
    while k < groups.count {
      one(k)
      k += 1
    }
  }

  /// Rows of the rectangle times elements of five vectors, to the products at its columns.
  @inline(__always)
  private func fiveToColumns(_ k: Int) {
    let lanes = S.lanes
    let elements = vectors + groups.offset(k, column: row)
    var target = products + groups.offset(k, column: column)
    var ahead = rowsAhead(k)
    var top = p
    let end = top + width
    // Where the rectangle ends after the first of two vectors, the second takes columns of the block on the
    // diagonal, whose products are replaced afterwards.
    while top < end {
      // A group that waited for memory could not use the time in which the others compute. Lines
      // asked for all at once would wait for each other.
      var line = ahead.first
      ahead.first += 2 &* lanes
      var sums = SumsOfFive<Vector>()
      var row = top
      var element = elements
      for part in 0..<TrianglePanels.rowsAtATime / lanes {
        for i in 0..<lanes {
          if part &* lanes &+ i < ahead.count {
            prefetch(line)
            // Two vectors of the machine take two cache lines where one fills a line.
            if lanes &* MemoryLayout<S>.size == 64 { prefetch(line + lanes) }
            line += leading
          }
          sums.add(row.lanes(at: 0), row.lanes(at: lanes)) {
            Vector(repeating: element[$0 &* lanes &+ i])
          }
          row += leading
        }
        element += VectorGroups<S>.step
      }
      sums.add(to: target, target + VectorGroups<S>.step)
      target += 2 &* VectorGroups<S>.step
      top += 2 &* lanes
    }
  }

  /// A group's share of the next rectangle's rows.
  @inline(__always)
  private func rowsAhead(_ k: Int) -> (first: UnsafePointer<S>, count: Int) {
    let rows = TrianglePanels.rowsAtATime
    let (start, end) = (k * rows / groups.grouped, (k + groupSize) * rows / groups.grouped)
    return (next + start * leading, end - start)
  }

  /// Columns of the rectangle times elements of five vectors, to the sums of its rows.
  @inline(__always)
  private func fiveToRows(_ k: Int) {
    var row = 0
    while row < TrianglePanels.rowsAtATime {
      twoToRows(k, from: row)
      row += 2
    }
  }

  @inline(__always)
  private func twoToRows(_ k: Int, from row: Int) {
    let lanes = S.lanes
    var element = vectors + groups.offset(k, column: column)
    var (upper, lower) = (p + row * leading, p + (row + 1) * leading)
    var sums = SumsOfFive<Vector>()
    let pairs = width / (2 &* lanes)
    let endOfPairs = element + 2 &* pairs &* VectorGroups<S>.step
    while element != endOfPairs {
      sums.add(upper.lanes(at: 0), lower.lanes(at: 0)) { element.lanes(at: $0 &* lanes) }
      let other = element + VectorGroups<S>.step
      sums.add(upper.lanes(at: lanes), lower.lanes(at: lanes)) { other.lanes(at: $0 &* lanes) }
      upper += 2 &* lanes
      lower += 2 &* lanes
      element += 2 &* VectorGroups<S>.step
    }
    if 2 &* pairs &* lanes != width {
      sums.add(upper.lanes(at: 0), lower.lanes(at: 0)) { element.lanes(at: $0 &* lanes) }
    }
    let step = VectorGroups<S>.step
    let target = self.sums + k * TrianglePanels.rowsAtATime * lanes + row * step
    sums.add(to: target, target + step)
  }

  /// The products of one vector, both kinds at once.
  @inline(__always)
  private func one(_ k: Int) {
    var row = 0
    while row < TrianglePanels.rowsAtATime {
      fourRows(k, from: row)
      row += 4
    }
  }

  @inline(__always)
  private func fourRows(_ k: Int, from start: Int) {
    let lanes = S.lanes
    let offset = groups.offset(k, column: column)
    let (vector, columns) = (vectors + offset, products + offset)
    let p0 = p + start * leading
    let (p1, p2, p3) = (p0 + leading, p0 + 2 * leading, p0 + 3 * leading)
    let sums = sums + (k * TrianglePanels.rowsAtATime + start) * lanes
    var s0 = sums.lanes(at: 0)
    var s1 = sums.lanes(at: lanes)
    var s2 = sums.lanes(at: 2 * lanes)
    var s3 = sums.lanes(at: 3 * lanes)
    let elements = vectors + groups.offset(k, column: row) + start
    let (e0, e1) = (Vector(repeating: elements[0]), Vector(repeating: elements[1]))
    let (e2, e3) = (Vector(repeating: elements[2]), Vector(repeating: elements[3]))
    var j = 0
    while j < width {
      let u = vector.lanes(at: j)
      var column = columns.lanes(at: j)
      let a0 = p0.lanes(at: j)
      s0.addProduct(a0, u)
      column.addProduct(a0, e0)
      let a1 = p1.lanes(at: j)
      s1.addProduct(a1, u)
      column.addProduct(a1, e1)
      let a2 = p2.lanes(at: j)
      s2.addProduct(a2, u)
      column.addProduct(a2, e2)
      let a3 = p3.lanes(at: j)
      s3.addProduct(a3, u)
      column.addProduct(a3, e3)
      columns.setLanes(column, at: j)
      j += lanes
    }
    sums.setLanes(s0, at: 0)
    sums.setLanes(s1, at: lanes)
    sums.setLanes(s2, at: 2 * lanes)
    sums.setLanes(s3, at: 3 * lanes)
  }
}
