import COpenBLAS

/// Sixteen rows of a symmetric matrix left of the diagonal, from some column on, and what vectors
/// have to do with them: they stand for their mirror image as well.
struct TriangleRectangle<S: RealScalar> {
  let p: UnsafePointer<S>
  /// The distance between rows.
  let leading: Int
  /// The first row and the first column, and the number of columns, multiples of sixteen.
  let row: Int, column: Int, width: Int
  let groups: VectorGroups
  /// The vectors, and their partial products.
  let vectors: UnsafePointer<S>, products: UnsafeMutablePointer<S>
  /// Eight partial sums for each row, for the vectors of a group in turn.
  let sums: UnsafeMutablePointer<S>
  /// The beginning of the next rectangle that has rows at the same distance.
  let next: UnsafePointer<S>

  /// Makes the partial products at the columns zero.
  @inline(__always)
  func clearColumns() {
    var k = 0
    while k < groups.count {
      let vectors = k < groups.grouped ? VectorGroups.size : 1
      let target = products + groups.offset(k, column: column)
      target.update(repeating: 0, count: vectors * width)
      k += vectors
    }
  }

  /// Adds the products of all vectors with the rectangle and with its mirror image.
  @inline(__always)
  func multiply<Vector: SIMD>(_: Vector.Type) where Vector.Scalar == S {
    var k = 0
    while k < groups.grouped {
      fiveToColumns(k, Vector.self)
      fiveToRows(k, Vector.self)
      k += VectorGroups.size
    }
    while k < groups.count {
      one(k, Vector.self)
      k += 1
    }
  }

  /// Rows of the rectangle times elements of five vectors, to the products at its columns.
  @inline(__always)
  private func fiveToColumns<Vector: SIMD>(_ k: Int, _: Vector.Type) where Vector.Scalar == S {
    let lanes = Vector.scalarCount
    let elements = vectors + groups.offset(k, column: row)
    var target = products + groups.offset(k, column: column)
    var ahead = rowsAhead(k)
    var top = p
    let end = top + width
    while top != end {
      // A group that waited for memory could not use the time in which the others compute.
      var line = ahead.first
      for _ in 0..<ahead.count {
        prefetch(line)
        line += leading
      }
      ahead.first += 2 &* lanes
      var sums = SumsOfFive<Vector>()
      var row = top
      var element = elements
      for _ in 0..<2 {
        for i in 0..<8 {
          sums.add(row.vector(Vector.self, at: 0), row.vector(Vector.self, at: lanes)) {
            Vector(repeating: element[$0 &* 8 &+ i])
          }
          row += leading
        }
        element += VectorGroups.step
      }
      sums.add(to: target, target + VectorGroups.distance(Vector.self))
      target += 2 &* lanes &* VectorGroups.size
      top += 2 &* lanes
    }
  }

  /// A group's share of the next rectangle's rows.
  @inline(__always)
  private func rowsAhead(_ k: Int) -> (first: UnsafePointer<S>, count: Int) {
    let rows = TrianglePanels.rowsAtATime
    let (start, end) = (k * rows / groups.grouped, (k + VectorGroups.size) * rows / groups.grouped)
    return (next + start * leading, end - start)
  }

  /// Columns of the rectangle times elements of five vectors, to the sums of its rows.
  @inline(__always)
  private func fiveToRows<Vector: SIMD>(_ k: Int, _: Vector.Type) where Vector.Scalar == S {
    let lanes = Vector.scalarCount
    let elements = vectors + groups.offset(k, column: column)
    var target = sums + k * TrianglePanels.rowsAtATime * 8
    var row = 0
    while row < TrianglePanels.rowsAtATime {
      var (upper, lower) = (p + row * leading, p + (row + 1) * leading)
      var sums = SumsOfFive<Vector>()
      var element = elements
      let end = element + VectorGroups.size * width
      while element != end {
        sums.add(upper.vector(Vector.self, at: 0), lower.vector(Vector.self, at: 0)) {
          element.vector(Vector.self, at: $0 &* 8)
        }
        let other = element + VectorGroups.distance(Vector.self)
        sums.add(upper.vector(Vector.self, at: lanes), lower.vector(Vector.self, at: lanes)) {
          other.vector(Vector.self, at: $0 &* 8)
        }
        upper += 2 &* lanes
        lower += 2 &* lanes
        element += 2 &* lanes &* VectorGroups.size
      }
      sums.add(to: target, target + VectorGroups.step)
      target += 2 * VectorGroups.step
      row += 2
    }
  }

  /// The products of one vector, both kinds at once.
  @inline(__always)
  private func one<Vector: SIMD>(_ k: Int, _: Vector.Type) where Vector.Scalar == S {
    var row = 0
    while row < TrianglePanels.rowsAtATime {
      fourRows(k, from: row, Vector.self)
      row += 4
    }
  }

  @inline(__always)
  private func fourRows<Vector: SIMD>(_ k: Int, from start: Int, _: Vector.Type)
  where Vector.Scalar == S {
    let offset = groups.offset(k, column: column)
    let (vector, columns) = (vectors + offset, products + offset)
    let p0 = p + start * leading
    let (p1, p2, p3) = (p0 + leading, p0 + 2 * leading, p0 + 3 * leading)
    let sums = sums + (k * TrianglePanels.rowsAtATime + start) * 8
    var s0 = sums.vector(Vector.self, at: 0)
    var s1 = sums.vector(Vector.self, at: 8)
    var s2 = sums.vector(Vector.self, at: 16)
    var s3 = sums.vector(Vector.self, at: 24)
    let elements = vectors + groups.offset(k, column: row) + start
    let (e0, e1) = (Vector(repeating: elements[0]), Vector(repeating: elements[1]))
    let (e2, e3) = (Vector(repeating: elements[2]), Vector(repeating: elements[3]))
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
}
