/// Copies the rows with the given indices, `y[o, k, :] = x[o, indices[k], :]`.
///
/// - Parameters:
///   - x: the source, [outer, axis, inner].
///   - view: the extents of the source.
///   - indices: numbers of rows along the axis, [count].
///   - count: the number of indices.
///   - y: the result, [outer, count, inner].
@_specialize(where S == Float)
@_specialize(where S == Double)
public func gatherRows<S: RealScalar>(
  _ x: UnsafePointer<S>, _ view: AxisView, at indices: UnsafePointer<Int32>, count: Int,
  into y: UnsafeMutablePointer<S>
) {
  let inner = view.inner
  for outer in 0..<view.outer {
    let x = x + outer * view.axis * inner
    let y = y + outer * count * inner
    for k in 0..<count {
      let index = Int(indices[k])
      assert(index >= 0 && index < view.axis, "gatherRows: there is no row \(index)")
      if inner == 1 { y[k] = x[index] } else { copyRow(x + index * inner, y + k * inner, inner) }
    }
  }
}

@inline(__always)
private func copyRow<S: RealScalar>(
  _ x: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>, _ count: Int
) {
  var i = 0
  while i + 8 <= count {
    y.setLanes(x.lanes(at: i), at: i)
    i += 8
  }
  while i < count {
    y[i] = x[i]
    i += 1
  }
}

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
    for k in 0..<view.axis {
      let segment = Int(segments[k])
      assert(segment >= 0 && segment < count, "segments: there is no segment \(segment)")
      Operation.combineRow(x + k * inner, into: y + segment * inner, count: inner)
    }
  }
}
