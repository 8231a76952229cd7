/// A rectangle of a symmetric matrix left of the diagonal, and what vectors have to do with it: it
/// stands for its mirror image as well.
struct TriangleRectangle<S: RealScalar> {
  let p: UnsafePointer<S>
  /// The distance between rows.
  let leading: Int
  let rows: Int
  /// The number of columns, a multiple of sixteen.
  let width: Int
  /// The elements of the first vector that the columns multiply, and those that the rows multiply.
  let vectors: UnsafePointer<S>, elements: UnsafePointer<S>
  /// The partial result of the first vector at the columns.
  let columns: UnsafeMutablePointer<S>
  /// The distance from one vector to the next, and between their partial results.
  let stride: Int
  /// Eight partial sums for each row, for sixteen rows of each vector.
  let sums: UnsafeMutablePointer<S>

  /// Adds the products of `m` vectors with the rectangle and with its mirror image.
  @inline(__always)
  func multiply<Vector: SIMD>(count m: Int, _: Vector.Type) where Vector.Scalar == S {
    var k = 0
    if rows == TrianglePanels.rowsAtATime {
      while k + 5 <= m {
        fiveToColumns(k, Vector.self)
        fiveToRows(k, Vector.self)
        k += 5
      }
    }
    while k < m {
      one(k, Vector.self)
      k += 1
    }
  }

  /// Rows of the rectangle times elements of five vectors, to the results at its columns.
  @inline(__always)
  private func fiveToColumns<Vector: SIMD>(_ k: Int, _: Vector.Type) where Vector.Scalar == S {
    let lanes = Vector.scalarCount
    let (e0, e1) = (elements + k * stride, elements + (k + 1) * stride)
    let (e2, e3) = (elements + (k + 2) * stride, elements + (k + 3) * stride)
    let e4 = elements + (k + 4) * stride
    let zero = Vector(repeating: 0)
    var j = 0
    while j < width {
      var (a0, a1, a2, a3, a4) = (zero, zero, zero, zero, zero)
      var (b0, b1, b2, b3, b4) = (zero, zero, zero, zero, zero)
      var row = p + j
      var i = 0
      while i < TrianglePanels.rowsAtATime {
        let (a, b) = (row.vector(Vector.self, at: 0), row.vector(Vector.self, at: lanes))
        let x0 = Vector(repeating: e0[i])
        a0.addProduct(a, x0)
        b0.addProduct(b, x0)
        let x1 = Vector(repeating: e1[i])
        a1.addProduct(a, x1)
        b1.addProduct(b, x1)
        let x2 = Vector(repeating: e2[i])
        a2.addProduct(a, x2)
        b2.addProduct(b, x2)
        let x3 = Vector(repeating: e3[i])
        a3.addProduct(a, x3)
        b3.addProduct(b, x3)
        let x4 = Vector(repeating: e4[i])
        a4.addProduct(a, x4)
        b4.addProduct(b, x4)
        row += leading
        i += 1
      }
      let target = columns + k * stride + j
      add(a0, b0, to: target)
      add(a1, b1, to: target + stride)
      add(a2, b2, to: target + 2 * stride)
      add(a3, b3, to: target + 3 * stride)
      add(a4, b4, to: target + 4 * stride)
      j += 2 * lanes
    }
  }

  /// Columns of the rectangle times elements of five vectors, to the sums of its rows.
  @inline(__always)
  private func fiveToRows<Vector: SIMD>(_ k: Int, _: Vector.Type) where Vector.Scalar == S {
    let (v0, v1) = (vectors + k * stride, vectors + (k + 1) * stride)
    let (v2, v3) = (vectors + (k + 2) * stride, vectors + (k + 3) * stride)
    let v4 = vectors + (k + 4) * stride
    let zero = Vector(repeating: 0)
    var i = 0
    while i < TrianglePanels.rowsAtATime {
      let (first, second) = (p + i * leading, p + (i + 1) * leading)
      var (a0, a1, a2, a3, a4) = (zero, zero, zero, zero, zero)
      var (b0, b1, b2, b3, b4) = (zero, zero, zero, zero, zero)
      var j = 0
      while j < width {
        let (a, b) = (first.vector(Vector.self, at: j), second.vector(Vector.self, at: j))
        let x0 = v0.vector(Vector.self, at: j)
        a0.addProduct(a, x0)
        b0.addProduct(b, x0)
        let x1 = v1.vector(Vector.self, at: j)
        a1.addProduct(a, x1)
        b1.addProduct(b, x1)
        let x2 = v2.vector(Vector.self, at: j)
        a2.addProduct(a, x2)
        b2.addProduct(b, x2)
        let x3 = v3.vector(Vector.self, at: j)
        a3.addProduct(a, x3)
        b3.addProduct(b, x3)
        let x4 = v4.vector(Vector.self, at: j)
        a4.addProduct(a, x4)
        b4.addProduct(b, x4)
        j += Vector.scalarCount
      }
      add(a0, b0, toRow: i, of: k)
      add(a1, b1, toRow: i, of: k + 1)
      add(a2, b2, toRow: i, of: k + 2)
      add(a3, b3, toRow: i, of: k + 3)
      add(a4, b4, toRow: i, of: k + 4)
      i += 2
    }
  }

  @inline(__always)
  private func add<Vector: SIMD>(_ a: Vector, _ b: Vector, to target: UnsafeMutablePointer<S>)
  where Vector.Scalar == S {
    let next = target + Vector.scalarCount
    target.setVector(target.vector(Vector.self, at: 0) + a, at: 0)
    next.setVector(next.vector(Vector.self, at: 0) + b, at: 0)
  }

  @inline(__always)
  private func add<Vector: SIMD>(_ a: Vector, _ b: Vector, toRow row: Int, of k: Int)
  where Vector.Scalar == S {
    let sums = sums + (k * TrianglePanels.rowsAtATime + row) * 8
    sums.setVector(sums.vector(Vector.self, at: 0) + a, at: 0)
    sums.setVector(sums.vector(Vector.self, at: 8) + b, at: 8)
  }

  /// The products of one vector, both kinds at once.
  @inline(__always)
  private func one<Vector: SIMD>(_ k: Int, _: Vector.Type) where Vector.Scalar == S {
    var row = 0
    while row + 4 <= rows {
      fourRows(k, from: row, Vector.self)
      row += 4
    }
    while row < rows {
      oneRow(k, row, Vector.self)
      row += 1
    }
  }

  @inline(__always)
  private func fourRows<Vector: SIMD>(_ k: Int, from row: Int, _: Vector.Type)
  where Vector.Scalar == S {
    let (vector, columns) = (vectors + k * stride, columns + k * stride)
    let p0 = p + row * leading
    let (p1, p2, p3) = (p0 + leading, p0 + 2 * leading, p0 + 3 * leading)
    let sums = sums + (k * TrianglePanels.rowsAtATime + row) * 8
    var s0 = sums.vector(Vector.self, at: 0)
    var s1 = sums.vector(Vector.self, at: 8)
    var s2 = sums.vector(Vector.self, at: 16)
    var s3 = sums.vector(Vector.self, at: 24)
    let elements = elements + k * stride + row
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

  @inline(__always)
  private func oneRow<Vector: SIMD>(_ k: Int, _ row: Int, _: Vector.Type)
  where Vector.Scalar == S {
    let (vector, columns) = (vectors + k * stride, columns + k * stride)
    let p = p + row * leading
    let sums = sums + (k * TrianglePanels.rowsAtATime + row) * 8
    var sum = sums.vector(Vector.self, at: 0)
    let element = Vector(repeating: elements[k * stride + row])
    var j = 0
    while j < width {
      let a = p.vector(Vector.self, at: j)
      sum.addProduct(a, vector.vector(Vector.self, at: j))
      let column = columns.vector(Vector.self, at: j)
      columns.setVector(column.addingProduct(a, element), at: j)
      j += Vector.scalarCount
    }
    sums.setVector(sum, at: 0)
  }
}
