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
