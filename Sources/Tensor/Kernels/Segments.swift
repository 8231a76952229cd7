/// Adds up the rows of each segment, `y[o, s, :] = Σ x[o, k, :]` over k with `segments[k] = s`.
///
/// Rows are added in the order of k; the sum of an empty segment is zero.
/// - Parameters:
///   - x: the rows, [outer, axis, inner].
///   - view: the extents of the rows.
///   - segments: the segment of each row, [axis], in any order.
///   - count: the number of segments.
///   - y: the result, [outer, count, inner].
@_specialize(where S == Float)
@_specialize(where S == Double)
public func segmentSum<S: RealScalar>(
  _ x: UnsafePointer<S>, _ view: AxisView, segments: UnsafePointer<Int32>, count: Int,
  into y: UnsafeMutablePointer<S>
) {
  reduceSegments(x, view, segments: segments, count: count, into: y, Summation.self)
}

/// Adds the rows of each segment to what `y` holds, `y[s, :] += Σ x[k, :]` over k with `segments[k] = s`.
///
/// Rows are added in the order of k.
/// - Parameters:
///   - x: the rows, [rows, width].
///   - rows: the number of rows.
///   - segments: the segment of each row, in any order.
///   - count: the number of segments.
///   - y: the sums, [count, width].
///   - width: the elements of a row.
@_specialize(where S == Float)
@_specialize(where S == Double)
public func addSegments<S: RealScalar>(
  _ x: UnsafePointer<S>, rows: Int, segments: UnsafePointer<Int32>, count: Int,
  to y: UnsafeMutablePointer<S>, width: Int
) {
  fold(x, rows, segments, count, into: y, width, Summation.self)
}

/// Finds the greatest element of each segment of rows; NaN if one is, -∞ in an empty segment.
///
/// The parameters are those of ``segmentSum(_:_:segments:count:into:)``.
@_specialize(where S == Float)
@_specialize(where S == Double)
public func segmentMaximum<S: RealScalar>(
  _ x: UnsafePointer<S>, _ view: AxisView, segments: UnsafePointer<Int32>, count: Int,
  into y: UnsafeMutablePointer<S>
) {
  reduceSegments(x, view, segments: segments, count: count, into: y, Maximum.self)
}

/// Finds the least element of each segment of rows; NaN if one is, +∞ in an empty segment.
///
/// The parameters are those of ``segmentSum(_:_:segments:count:into:)``.
@_specialize(where S == Float)
@_specialize(where S == Double)
public func segmentMinimum<S: RealScalar>(
  _ x: UnsafePointer<S>, _ view: AxisView, segments: UnsafePointer<Int32>, count: Int,
  into y: UnsafeMutablePointer<S>
) {
  reduceSegments(x, view, segments: segments, count: count, into: y, Minimum.self)
}

@inline(__always)
private func reduceSegments<S: RealScalar, Operation: Reduction>(
  _ x: UnsafePointer<S>, _ view: AxisView, segments: UnsafePointer<Int32>, count: Int,
  into y: UnsafeMutablePointer<S>, _: Operation.Type
) {
  let inner = view.inner
  y.update(repeating: Operation.identity(S.self), count: view.outer * count * inner)
  for outer in 0..<view.outer {
    let x = x + outer * view.axis * inner
    let y = y + outer * count * inner
    fold(x, view.axis, segments, count, into: y, inner, Operation.self)
  }
}

/// Folds rows into the segments that `y` holds.
@inline(__always)
private func fold<S: RealScalar, Operation: Reduction>(
  _ x: UnsafePointer<S>, _ rows: Int, _ segments: UnsafePointer<Int32>, _ count: Int,
  into y: UnsafeMutablePointer<S>, _ width: Int, _: Operation.Type
) {
  switch width {
  case 1: foldNarrow(x, rows, segments, count, into: y, width: 1, Operation.self)
  case 2: foldNarrow(x, rows, segments, count, into: y, width: 2, Operation.self)
  case 3: foldNarrow(x, rows, segments, count, into: y, width: 3, Operation.self)
  case 4: foldNarrow(x, rows, segments, count, into: y, width: 4, Operation.self)
  default: foldRuns(x, rows, segments, count, into: y, width, Operation.self)
  }
}

/// Folds rows of at most four elements; the result stays in registers while the segment is the same.
/// The width is a literal, so branches it rules out are not compiled.
@inline(__always)
private func foldNarrow<S: RealScalar, Operation: Reduction>(
  _ x: UnsafePointer<S>, _ rows: Int, _ segments: UnsafePointer<Int32>, _ count: Int,
  into y: UnsafeMutablePointer<S>, width: Int, _: Operation.Type
) {
  var (row, current, target) = (x, Int32(-1), y)
  var (s0, s1, s2, s3) = (S(0), S(0), S(0), S(0))
  func store() {
    target[0] = s0
    if width > 1 { target[1] = s1 }
    if width > 2 { target[2] = s2 }
    if width > 3 { target[3] = s3 }
  }
  for k in 0..<rows {
    let segment = segments[k]
    if segment != current {
      assert(segment >= 0 && segment < count, "segments: there is no segment \(segment)")
      if current >= 0 { store() }
      current = segment
      target = y + Int(segment) &* width
      s0 = target[0]
      if width > 1 { s1 = target[1] }
      if width > 2 { s2 = target[2] }
      if width > 3 { s3 = target[3] }
    }
    s0 = Operation.combine(s0, row[0])
    if width > 1 { s1 = Operation.combine(s1, row[1]) }
    if width > 2 { s2 = Operation.combine(s2, row[2]) }
    if width > 3 { s3 = Operation.combine(s3, row[3]) }
    row += width
  }
  if current >= 0 { store() }
}

/// Folds rows of any width, those that follow each other in one segment together.
@inline(__always)
private func foldRuns<S: RealScalar, Operation: Reduction>(
  _ x: UnsafePointer<S>, _ rows: Int, _ segments: UnsafePointer<Int32>, _ count: Int,
  into y: UnsafeMutablePointer<S>, _ width: Int, _: Operation.Type
) {
  var first = 0
  while first < rows {
    let segment = Int(segments[first])
    assert(segment >= 0 && segment < count, "segments: there is no segment \(segment)")
    let (row, target) = (x + first &* width, y + segment &* width)
    var end = first + 1
    if end == rows || segments[end] != segments[first] {
      Operation.combineRow(row, into: target, count: width)
    } else {
      repeat { end += 1 } while end < rows && segments[end] == segments[first]
      foldRows(row, end - first, into: target, width, Operation.self)
    }
    first = end
  }
}

/// Folds rows into `y`, some columns after others, which stay in registers.
@inline(__always)
private func foldRows<S: RealScalar, Operation: Reduction>(
  _ x: UnsafePointer<S>, _ rows: Int, into y: UnsafeMutablePointer<S>, _ width: Int,
  _: Operation.Type
) {
  let lanes = S.lanes
  if width < lanes {
    for row in 0..<rows { Operation.combineRow(x + row * width, into: y, count: width) }
    return
  }
  let all = (width + lanes - 1) / lanes
  var done = 0
  while done < all {
    // The last vector of a row overlaps the one before it, so that one is in the same panel.
    let left = all - done
    let vectors = left == 5 ? 3 : min(left, 4)
    let column = done * lanes
    let last = min(lanes * (vectors - 1), width - lanes - column)
    let (x, y) = (x + column, y + column)
    switch vectors {
    case 1: foldPanel(x, rows, into: y, width, last, vectors: 1, Operation.self)
    case 2: foldPanel(x, rows, into: y, width, last, vectors: 2, Operation.self)
    case 3: foldPanel(x, rows, into: y, width, last, vectors: 3, Operation.self)
    default: foldPanel(x, rows, into: y, width, last, vectors: 4, Operation.self)
    }
    done += vectors
  }
}

/// Folds as many columns of rows as fit into registers; the last vector starts at column `last`.
@inline(__always)
private func foldPanel<S: RealScalar, Operation: Reduction>(
  _ x: UnsafePointer<S>, _ rows: Int, into y: UnsafeMutablePointer<S>, _ width: Int, _ last: Int,
  vectors: Int, _: Operation.Type
) {
  let lanes = S.lanes
  var s0 = y.lanes(at: 0)
  var s1 = vectors > 2 ? y.lanes(at: lanes) : s0
  var s2 = vectors > 3 ? y.lanes(at: 2 &* lanes) : s0
  var s3 = vectors > 1 ? y.lanes(at: last) : s0
  var row = x
  for _ in 0..<rows {
    s0 = Operation.combine(s0, row.lanes(at: 0))
    if vectors > 2 { s1 = Operation.combine(s1, row.lanes(at: lanes)) }
    if vectors > 3 { s2 = Operation.combine(s2, row.lanes(at: 2 &* lanes)) }
    if vectors > 1 { s3 = Operation.combine(s3, row.lanes(at: last)) }
    row += width
  }
  y.setLanes(s0, at: 0)
  if vectors > 2 { y.setLanes(s1, at: lanes) }
  if vectors > 3 { y.setLanes(s2, at: 2 &* lanes) }
  if vectors > 1 { y.setLanes(s3, at: last) }
}
