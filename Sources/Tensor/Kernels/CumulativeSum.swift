/// Adds up along the axis from the start, `y[o, k, :] = Σ x[o, i, :]` over i ≤ k.
///
/// - Parameters:
///   - x: the source, [outer, axis, inner].
///   - view: the extents of the source and of the result.
///   - reversed: whether to add up from the end instead, over i ≥ k.
///   - y: the result; may be the source itself.
@_specialize(where S == Float)
@_specialize(where S == Double)
public func cumulativeSum<S: RealScalar>(
  _ x: UnsafePointer<S>, _ view: AxisView, reversed: Bool, into y: UnsafeMutablePointer<S>
) {
  let (rows, inner) = (view.axis, view.inner)
  if rows == 0 { return }
  for outer in 0..<view.outer {
    let x = x + outer * rows * inner
    let y = y + outer * rows * inner
    if inner == 1 {
      var sum: S = 0
      for k in 0..<rows {
        let row = reversed ? rows - 1 - k : k
        sum += x[row]
        y[row] = sum
      }
      continue
    }
    for k in 0..<rows {
      let row = reversed ? rows - 1 - k : k
      let (source, result) = (x + row * inner, y + row * inner)
      let before = k == 0 ? nil : result + (reversed ? inner : -inner)
      var i = 0
      while i + S.lanes <= inner {
        let sum = before.map { source.lanes(at: i) + $0.lanes(at: i) } ?? source.lanes(at: i)
        result.setLanes(sum, at: i)
        i += S.lanes
      }
      while i < inner {
        result[i] = source[i] + (before?[i] ?? 0)
        i += 1
      }
    }
  }
}
