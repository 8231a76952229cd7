/// Adds up the outer products of the rows of each segment,
/// `y[s, i, j] = Σ a[r, i] b[r, j]` over r with `segments[r] = s`; zero for an empty segment.
///
/// Neighbouring rows of one segment are one small matrix product, whose sums stay in registers.
/// Rows are added in order; the last few of all may be added after a partial sum.
/// - Parameters:
///   - a: the left rows, [rows, p].
///   - p: the length of a left row.
///   - b: the right rows, [rows, q].
///   - q: the length of a right row.
///   - segments: the segment of each row, [rows], in any order.
///   - rows: the number of rows.
///   - y: the result, [count, p, q].
///   - count: the number of segments.
@_specialize(where S == Float)
@_specialize(where S == Double)
public func segmentedProduct<S: RealScalar>(
  _ a: UnsafePointer<S>, _ p: Int, _ b: UnsafePointer<S>, _ q: Int,
  segments: UnsafePointer<Int32>, rows: Int, into y: UnsafeMutablePointer<S>, count: Int
) {
  y.update(repeating: 0, count: count * p * q)
  if p == 0 || q == 0 { return }
  var first = 0
  while first < rows {
    let segment = segments[first]
    assert(segment >= 0 && segment < count, "segmentedProduct: there is no segment \(segment)")
    var end = first + 1
    while end < rows, segments[end] == segment { end += 1 }
    let result = y + Int(segment) * p * q
    // Lanes run along the longer rows when the right ones do not fill a vector.
    if q < 8, p > q {
      addRun(
        Block(elements: b, columns: q, stride: 1), Block(elements: a, columns: p, stride: q),
        first..<end, of: rows, to: result)
    } else {
      addRun(
        Block(elements: a, columns: p, stride: q), Block(elements: b, columns: q, stride: 1),
        first..<end, of: rows, to: result)
    }
    first = end
  }
}

/// Rows of numbers, and the distance in the result between neighbours of a row.
private struct Block<S> {
  let elements: UnsafePointer<S>, columns: Int, stride: Int
}

/// Adds the product of a run of rows; lanes run along the rows of `b`.
@inline(__always)
private func addRun<S: RealScalar>(
  _ a: Block<S>, _ b: Block<S>, _ run: Range<Int>, of rows: Int, to y: UnsafeMutablePointer<S>
) {
  // Sixteen registers hold eight vectors of four doubles or eight floats.
  if MemoryLayout<S>.size == 4 {
    addRun(a, b, run, of: rows, to: y, SIMD8<S>.self)
  } else {
    addRun(a, b, run, of: rows, to: y, SIMD4<S>.self)
  }
}

@inline(__always)
private func addRun<S: RealScalar, Vector: SIMD>(
  _ a: Block<S>, _ b: Block<S>, _ run: Range<Int>, of rows: Int, to y: UnsafeMutablePointer<S>,
  _: Vector.Type
) where Vector.Scalar == S {
  let lanes = Vector.scalarCount
  // A vector that a row does not fill reads on into the next rows, which the last have not.
  let reach = (2 * lanes + b.columns - 1) / b.columns
  let end = max(run.lowerBound, min(run.upperBound, rows - reach))
  let vectorRows = run.lowerBound..<end
  var j = 0
  while j < b.columns {
    let two = j + lanes < b.columns
    let width = min(two ? 2 * lanes : lanes, b.columns - j)
    var i = 0
    while i + 4 <= a.columns {
      let result = y + i * a.stride + j * b.stride
      if two {
        addFour(a, i, b, j, vectorRows, width, to: result, Vector.self, two: true)
      } else {
        addFour(a, i, b, j, vectorRows, width, to: result, Vector.self, two: false)
      }
      i += 4
    }
    while i < a.columns {
      addOne(a, i, b, j, vectorRows, width, to: y + i * a.stride + j * b.stride, Vector.self)
      i += 1
    }
    j += width
  }
  for row in end..<run.upperBound {
    for i in 0..<a.columns {
      let factor = a.elements[row * a.columns + i]
      for j in 0..<b.columns {
        y[i * a.stride + j * b.stride].addProduct(factor, b.elements[row * b.columns + j])
      }
    }
  }
}

/// Four columns of `a` by one or two vectors of columns of `b`.
@inline(__always)
private func addFour<S: RealScalar, Vector: SIMD>(
  _ a: Block<S>, _ i: Int, _ b: Block<S>, _ j: Int, _ rows: Range<Int>, _ width: Int,
  to y: UnsafeMutablePointer<S>, _: Vector.Type, two: Bool
) where Vector.Scalar == S {
  let lanes = Vector.scalarCount
  let zero = Vector(repeating: 0)
  var (s0, s1, s2, s3) = (zero, zero, zero, zero)
  var (t0, t1, t2, t3) = (zero, zero, zero, zero)
  var left = a.elements + rows.lowerBound * a.columns + i
  var right = b.elements + rows.lowerBound * b.columns + j
  for _ in rows {
    let (l0, l1) = (Vector(repeating: left[0]), Vector(repeating: left[1]))
    let (l2, l3) = (Vector(repeating: left[2]), Vector(repeating: left[3]))
    let u = right.vector(Vector.self, at: 0)
    s0.addProduct(l0, u)
    s1.addProduct(l1, u)
    s2.addProduct(l2, u)
    s3.addProduct(l3, u)
    if two {
      let v = right.vector(Vector.self, at: lanes)
      t0.addProduct(l0, v)
      t1.addProduct(l1, v)
      t2.addProduct(l2, v)
      t3.addProduct(l3, v)
    }
    left += a.columns
    right += b.columns
  }
  add(s0, t0, width, to: y, stride: b.stride)
  add(s1, t1, width, to: y + a.stride, stride: b.stride)
  add(s2, t2, width, to: y + 2 * a.stride, stride: b.stride)
  add(s3, t3, width, to: y + 3 * a.stride, stride: b.stride)
}

/// One column of `a` by up to two vectors of columns of `b`.
@inline(__always)
private func addOne<S: RealScalar, Vector: SIMD>(
  _ a: Block<S>, _ i: Int, _ b: Block<S>, _ j: Int, _ rows: Range<Int>, _ width: Int,
  to y: UnsafeMutablePointer<S>, _: Vector.Type
) where Vector.Scalar == S {
  let zero = Vector(repeating: 0)
  // Even and odd rows apart, since each sum must wait for the one before.
  var (s0, t0, s1, t1) = (zero, zero, zero, zero)
  var left = a.elements + rows.lowerBound * a.columns + i
  var right = b.elements + rows.lowerBound * b.columns + j
  for _ in 0..<rows.count / 2 {
    let (l0, l1) = (Vector(repeating: left[0]), Vector(repeating: left[a.columns]))
    s0.addProduct(l0, right.vector(Vector.self, at: 0))
    t0.addProduct(l0, right.vector(Vector.self, at: Vector.scalarCount))
    s1.addProduct(l1, right.vector(Vector.self, at: b.columns))
    t1.addProduct(l1, right.vector(Vector.self, at: b.columns + Vector.scalarCount))
    left += 2 * a.columns
    right += 2 * b.columns
  }
  if rows.count % 2 == 1 {
    s0.addProduct(Vector(repeating: left[0]), right.vector(Vector.self, at: 0))
    t0.addProduct(Vector(repeating: left[0]), right.vector(Vector.self, at: Vector.scalarCount))
  }
  add(s0 + s1, t0 + t1, width, to: y, stride: b.stride)
}

/// Adds the first `width` lanes of two vectors to elements of the result.
@inline(__always)
private func add<S: RealScalar, Vector: SIMD>(
  _ s: Vector, _ t: Vector, _ width: Int, to y: UnsafeMutablePointer<S>, stride: Int
) where Vector.Scalar == S {
  let lanes = Vector.scalarCount
  if stride == 1, width == 2 * lanes {
    y.setVector(y.vector(Vector.self, at: 0) + s, at: 0)
    y.setVector(y.vector(Vector.self, at: lanes) + t, at: lanes)
  } else {
    for lane in 0..<min(width, lanes) { y[lane * stride] += s[lane] }
    if width > lanes { for lane in lanes..<width { y[lane * stride] += t[lane - lanes] } }
  }
}
