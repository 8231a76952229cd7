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
    switch inner {
    case 1: copyRows(x, indices, count, view.axis, into: y, 1, isNarrow: true)
    case 2: copyRows(x, indices, count, view.axis, into: y, 2, isNarrow: true)
    case 3: copyRows(x, indices, count, view.axis, into: y, 3, isNarrow: true)
    case 4: copyRows(x, indices, count, view.axis, into: y, 4, isNarrow: true)
    default: copyRows(x, indices, count, view.axis, into: y, inner, isNarrow: false)
    }
  }
}

/// Copies rows of one width; that of narrow ones is a literal, so that they take no loop.
@inline(__always)
private func copyRows<S: RealScalar>(
  _ x: UnsafePointer<S>, _ indices: UnsafePointer<Int32>, _ count: Int, _ rows: Int,
  into y: UnsafeMutablePointer<S>, _ width: Int, isNarrow: Bool
) {
  var target = y
  for k in 0..<count {
    let index = Int(indices[k])
    assert(index >= 0 && index < rows, "gatherRows: there is no row \(index)")
    let row = x + index &* width
    if isNarrow {
      target[0] = row[0]
      if width > 1 { target[1] = row[1] }
      if width > 2 { target[2] = row[2] }
      if width > 3 { target[3] = row[3] }
    } else {
      copyRow(row, target, width)
    }
    target += width
  }
}

@inline(__always)
private func copyRow<S: RealScalar>(
  _ x: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>, _ count: Int
) {
  var i = 0
  while i + S.lanes <= count {
    y.setLanes(x.lanes(at: i), at: i)
    i += S.lanes
  }
  while i < count {
    y[i] = x[i]
    i += 1
  }
}
