import Tensors
import Testing

private func check<S: RealScalar>(_: S.Type, _ p: Int, _ q: Int, runs: [(Int32, Int)], count: Int) {
  let segments = runs.flatMap { Array(repeating: $0.0, count: $0.1) }
  let a: [S] = scattered(2 * segments.count * p, seed: 4)
  let b: [S] = scattered(2 * segments.count * q, seed: 5)
  for pairs in 1...2 {
    var expected = [S](repeating: 0, count: count * p * q)
    for r in 0..<pairs * segments.count {
      let s = Int(segments[r % segments.count])
      for i in 0..<p {
        for j in 0..<q { expected[(s * p + i) * q + j] += a[r * p + i] * b[r * q + j] }
      }
    }
    var y = [S](repeating: .nan, count: count * p * q)
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        let (a, b) = (a.baseAddress!, b.baseAddress!)
        let matrices = (0..<pairs).map {
          (a + $0 * segments.count * p, b + $0 * segments.count * q)
        }
        matrices.withUnsafeBufferPointer {
          segmentedProduct(
            $0, p, q, segments: segments, rows: segments.count, into: &y, count: count)
        }
      }
    }
    #expect(
      greatestDifference(y, expected) <= 120 * S.ulpOfOne, "p = \(p), q = \(q), \(pairs) pairs")
  }
}

@Test(
  "Segmented products agree with plain loops", arguments: [1, 2, 3, 4, 7, 8, 9, 17, 30, 32],
  [1, 3, 4, 5, 8, 11, 16, 25, 32, 33])
func segmentedProducts(p: Int, q: Int) {
  // Segment 1 is empty, segment 0 comes in two runs, and the last run is short.
  let runs: [(Int32, Int)] = [(0, 20), (3, 37), (2, 1), (0, 2), (4, 3)]
  check(Float.self, p, q, runs: runs, count: 5)
  check(Double.self, p, q, runs: runs, count: 5)
  check(Float.self, p, q, runs: [(0, 1)], count: 1)
  check(Double.self, p, q, runs: [], count: 2)
}
