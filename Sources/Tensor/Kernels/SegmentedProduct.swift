/// Adds up the outer products of the rows of each segment,
/// `y[s, i, j] = Σ a[r, i] b[r, j]` over r with `segments[r] = s`; zero for an empty segment.
///
/// Neighbouring rows of one segment are one small matrix product, whose sums stay in registers.
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
  if p == 0 || q == 0 { return }
  // Segments below hold their sum so far; a later one is written when its first rows come.
  var begun = 0
  var first = 0
  while first < rows {
    let segment = Int(segments[first])
    assert(segment >= 0 && segment < count, "segmentedProduct: there is no segment \(segment)")
    var end = first + 1
    while end < rows, segments[end] == segments[first] { end += 1 }
    let isFirst = segment >= begun
    if isFirst {
      (y + begun * p * q).update(repeating: 0, count: (segment - begun) * p * q)
      begun = segment + 1
    }
    rowContraction(
      a + first * p, leading: p, b + first * q, leading: q, into: y + segment * p * q, leading: q,
      p, q, rows: end - first, accumulates: !isFirst)
    first = end
  }
  (y + begun * p * q).update(repeating: 0, count: (count - begun) * p * q)
}
