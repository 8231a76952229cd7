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
    if inner == 1 {
      // What is folded stays in a register while the segment is the same.
      var (current, value) = (-1, Operation.identity(S.self))
      for k in 0..<view.axis {
        let segment = Int(segments[k])
        assert(segment >= 0 && segment < count, "segments: there is no segment \(segment)")
        if segment != current {
          if current >= 0 { y[current] = value }
          (current, value) = (segment, y[segment])
        }
        value = Operation.combine(value, x[k])
      }
      if current >= 0 { y[current] = value }
      continue
    }
    var first = 0
    while first < view.axis {
      let segment = Int(segments[first])
      assert(segment >= 0 && segment < count, "segments: there is no segment \(segment)")
      var end = first + 1
      while end < view.axis, segments[end] == segments[first] { end += 1 }
      foldRows(x + first * inner, end - first, into: y + segment * inner, inner, Operation.self)
      first = end
    }
  }
}

/// Folds rows into `y`, some columns after others, which stay in registers.
@inline(__always)
private func foldRows<S: RealScalar, Operation: Reduction>(
  _ x: UnsafePointer<S>, _ rows: Int, into y: UnsafeMutablePointer<S>, _ width: Int,
  _: Operation.Type
) {
  if width < 8 || rows == 1 {
    for row in 0..<rows { Operation.combineRow(x + row * width, into: y, count: width) }
    return
  }
  let all = (width + 7) / 8
  var done = 0
  while done < all {
    // The last vector of a row overlaps the one before it, so that one is in the same panel.
    let left = all - done
    let vectors = left == 5 ? 3 : min(left, 4)
    let column = done * 8
    let last = min(8 * (vectors - 1), width - 8 - column)
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
  var s0 = y.lanes(at: 0)
  var s1 = vectors > 2 ? y.lanes(at: 8) : s0
  var s2 = vectors > 3 ? y.lanes(at: 16) : s0
  var s3 = vectors > 1 ? y.lanes(at: last) : s0
  var row = x
  for _ in 0..<rows {
    s0 = Operation.combine(s0, row.lanes(at: 0))
    if vectors > 2 { s1 = Operation.combine(s1, row.lanes(at: 8)) }
    if vectors > 3 { s2 = Operation.combine(s2, row.lanes(at: 16)) }
    if vectors > 1 { s3 = Operation.combine(s3, row.lanes(at: last)) }
    row += width
  }
  y.setLanes(s0, at: 0)
  if vectors > 2 { y.setLanes(s1, at: 8) }
  if vectors > 3 { y.setLanes(s2, at: 16) }
  if vectors > 1 { y.setLanes(s3, at: last) }
}
