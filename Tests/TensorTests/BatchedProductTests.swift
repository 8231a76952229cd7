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
      (2, 8, 24), (16, 4, 1), (16, 1, 4), (1, 4, 16), (5, 10, 1), (3, 19, 2), (2, 1, 2), (17, 1, 4),
    ])
  func products(m: Int, n: Int, k: Int) {
    check(Float.self, m, n, k)
    check(Double.self, m, n, k)
  }

  /// Each product alone gives the bits that it has among neighbours of NaN, and nothing is written
  /// beyond the last one.
  private func checkNeighbors<S: RealScalar>(_: S.Type, _ m: Int, _ n: Int, _ k: Int) {
    let batch = 40
    for (transposedA, transposedB) in [(false, false), (false, true), (true, false), (true, true)] {
      func evaluate(_ a: [S], _ b: [S]) -> [S] {
        let count = a.count / (m * k)
        var found = [S](repeating: 7, count: count * m * n + 64)
        found.withUnsafeMutableBufferPointer {
          batchedProduct(
            a, transposed: transposedA, b, transposed: transposedB, into: $0.baseAddress!,
            batch: count, rows: m, columns: n, inner: k)
        }
        #expect(found.suffix(64).allSatisfy { $0 == 7 }, "\(m) x \(n) x \(k)")
        return found.dropLast(64)
      }
      var a: [S] = scattered(batch * m * k, seed: 3)
      var b: [S] = scattered(batch * n * k, seed: 4)
      for s in stride(from: 1, to: batch, by: 2) {
        a.replaceSubrange(s * m * k..<(s + 1) * m * k, with: repeatElement(.nan, count: m * k))
        b.replaceSubrange(s * n * k..<(s + 1) * n * k, with: repeatElement(.nan, count: n * k))
      }
      let together = evaluate(a, b)
      for s in stride(from: 0, to: batch, by: 2) {
        let alone = evaluate(
          Array(a[s * m * k..<(s + 1) * m * k]), Array(b[s * n * k..<(s + 1) * n * k]))
        #expect(
          alone == Array(together[s * m * n..<(s + 1) * m * n]),
          "\(m) x \(n) x \(k), \(transposedA), \(transposedB), \(s)")
      }
    }
  }

  @Test(
    "do not depend on their neighbours",
    arguments: [
      (1, 1, 1), (16, 4, 1), (16, 1, 4), (1, 4, 16), (5, 10, 1), (3, 19, 2), (3, 3, 3), (2, 5, 11),
    ])
  func neighbors(m: Int, n: Int, k: Int) {
    checkNeighbors(Float.self, m, n, k)
    checkNeighbors(Double.self, m, n, k)
  }
}
