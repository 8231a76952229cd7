/// Adds up the outer products of the rows of each segment,
/// `y[s, i, j] = Σ a[r, i] b[r, j] + …` over r with `segments[r] = s` and all pairs (a, b); zero for an
/// empty segment.
///
/// Neighbouring rows of one segment are one small matrix product, whose sums stay in registers.
/// - Parameters:
///   - pairs: left rows, [rows, p], and right rows, [rows, q].
///   - p: the length of a left row.
///   - q: the length of a right row.
///   - segments: the segment of each row, [rows], in any order.
///   - rows: the number of rows.
///   - y: the result, [count, p, q].
///   - count: the number of segments.
@_specialize(where S == Float)
@_specialize(where S == Double)
public func segmentedProduct<S: RealScalar>(
  _ pairs: UnsafeBufferPointer<(UnsafePointer<S>, UnsafePointer<S>)>, _ p: Int, _ q: Int,
  segments: UnsafePointer<Int32>, rows: Int, into y: UnsafeMutablePointer<S>, count: Int
) {
  if p == 0 || q == 0 { return }
  // Segments below hold their sum so far; a later one is written when its first rows come.
  var begun = 0
  var first = 0
  while first < rows {
    let segment = Int(segments[first])
    assert(segment >= 0 && segment < count, "segmentedProduct: there is no segment \(segment)")
    var end = first + 1
    while end < rows, segments[end] == segments[first] { end += 1 }
    var accumulates = true
    if segment >= begun {
      (y + begun * p * q).update(repeating: 0, count: (segment - begun) * p * q)
      begun = segment + 1
      accumulates = false
    }
    for (a, b) in pairs {
      rowContraction(
        a + first * p, leading: p, b + first * q, leading: q, into: y + segment * p * q,
        leading: q, p, q, rows: end - first, accumulates: accumulates)
      accumulates = true
    }
    first = end
  }
  (y + begun * p * q).update(repeating: 0, count: (count - begun) * p * q)
}
