import Tensors
import Testing

@Suite("Batches of small products")
struct BatchedProductTests {
  /// Products of neighbouring memory, whose end is the end of the last matrix.
  private func check<S: RealScalar>(_: S.Type, _ m: Int, _ n: Int, _ k: Int) {
    let batch = 3
    for (transposedA, transposedB) in [(false, false), (false, true), (true, false), (true, true)] {
      let a: [S] = scattered(batch * m * k, seed: 1)
      let b: [S] = scattered(batch * n * k, seed: 2)
      var expected = [S](repeating: 0, count: batch * m * n)
      for s in 0..<batch {
        for i in 0..<m {
          for j in 0..<n {
            for l in 0..<k {
              expected[(s * m + i) * n + j] +=
                a[s * m * k + (transposedA ? l * m + i : i * k + l)]
                * b[s * n * k + (transposedB ? j * k + l : l * n + j)]
            }
          }
        }
      }
      var found = [S](repeating: .nan, count: batch * m * n)
      found.withUnsafeMutableBufferPointer {
        batchedProduct(
          a, transposed: transposedA, b, transposed: transposedB, into: $0.baseAddress!,
          batch: batch, rows: m, columns: n, inner: k)
      }
      #expect(
        greatestDifference(found, expected) <= S(60 + 2 * k) * S.ulpOfOne,
        "\(m) x \(n) x \(k), \(transposedA), \(transposedB)")
    }
  }

  @Test(
    "equal plain loops",
    arguments: [
      (1, 1, 1), (3, 9, 1), (9, 1, 8), (1, 17, 5), (8, 1, 11), (3, 5, 3), (7, 16, 9), (4, 3, 0),
      (2, 8, 24),
    ])
  func products(m: Int, n: Int, k: Int) {
    check(Float.self, m, n, k)
    check(Double.self, m, n, k)
  }
}
