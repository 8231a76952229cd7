import Tensors
import Testing

/// The product of A, [m, k], and op(B) by plain loops, with sums in order of the inner index.
private func product<S: RealScalar>(
  _ a: [S], transposed transposedA: Bool, _ b: [S], transposed transposedB: Bool,
  _ m: Int, _ n: Int, _ k: Int
) -> [S] {
  var c = [S](repeating: 0, count: m * n)
  for i in 0..<m {
    for j in 0..<n {
      for l in 0..<k {
        c[i * n + j] +=
          a[transposedA ? l * m + i : i * k + l] * b[transposedB ? j * k + l : l * n + j]
      }
    }
  }
  return c
}

/// Multiplies into rows that lie between others, which must keep what they hold.
private func check<S: RealScalar>(_: S.Type, rows m: Int, _ n: Int, _ k: Int) {
  let untouched: S = 77
  for (transposedA, transposedB) in [(false, false), (false, true), (true, false)] {
    let a: [S] = scattered(m * k, seed: 6)
    let b: [S] = scattered(n * k, seed: 7)
    let expected = product(a, transposed: transposedA, b, transposed: transposedB, m, n, k)
    for beta in [0, 1] as [S] {
      var c = [S](repeating: untouched, count: (m + 2) * n)
      for i in n..<(m + 1) * n { c[i] = beta == 0 ? .nan : 2 }
      c.withUnsafeMutableBufferPointer { c in
        S.multiply(
          a, transposed: transposedA, leading: transposedA ? m : k,
          b, transposed: transposedB, leading: transposedB ? k : n,
          into: c.baseAddress! + n, leading: n, rows: m, columns: n, inner: k, alpha: 1, beta: beta)
      }
      let found = c[n..<(m + 1) * n].map { $0 - 2 * beta }
      let difference = greatestDifference(found, expected)
      #expect(
        difference <= S(60 + 2 * k) * S.ulpOfOne,
        "\(m) \(n) \(k) \(transposedA) \(transposedB) \(beta)")
      #expect(
        c[..<n].allSatisfy { $0 == untouched } && c[((m + 1) * n)...].allSatisfy { $0 == untouched }
      )
    }
  }
}

@Test("Products with small matrices agree with plain loops", arguments: 1...70)
func smallProducts(size: Int) {
  // The other extents wander, so that all heights and widths of blocks meet.
  let (m, k) = (1 + size * 29 % 71, 1 + size * 13 % 37)
  check(Float.self, rows: m, size, k)
  check(Double.self, rows: m, size, k)
  check(Float.self, rows: k, 1 + size % 5, size)
  check(Double.self, rows: m, 1 + size % 3, size)
}

@Test("Contractions over more rows than pass at once agree with plain loops")
func longContractions() {
  for (p, q) in [(27, 25), (25, 1), (25, 3), (3, 2)] {
    check(Float.self, rows: p, q, 300)
    check(Double.self, rows: p, q, 300)
  }
}

@Test(
  "Products of few long rows agree with plain loops",
  arguments: [(2, 2, 129), (10, 20, 301), (5, 3, 256), (64, 64, 133), (10, 300, 20), (1, 131, 9)])
func longRows(m: Int, n: Int, k: Int) {
  check(Float.self, rows: m, n, k)
  check(Double.self, rows: m, n, k)
}

private func checkPortions<S: RealScalar>(_: S.Type, _ n: Int, _ k: Int) {
  let m = 61
  let a: [S] = scattered(m * k, seed: 8)
  let b: [S] = scattered(k * n, seed: 9)
  for transposed in [false, true] {
    func rows(_ range: Range<Int>) -> [S] {
      var c = [S](repeating: 0, count: range.count * n)
      S.multiply(
        Array(a[range.lowerBound * k..<range.upperBound * k]), transposed: false, leading: k,
        b, transposed: transposed, leading: transposed ? k : n, into: &c, leading: n,
        rows: range.count, columns: n, inner: k, alpha: 1, beta: 0)
      return c
    }
    #expect(rows(0..<m) == rows(0..<1) + rows(1..<20) + rows(20..<m), "\(n) \(k) \(transposed)")
  }
}

@Test(
  "The bits of a row do not depend on the rows beside it",
  arguments: [1, 3, 8, 20, 25, 40, 64], [1, 5, 25, 30])
func portionsOfRows(n: Int, k: Int) {
  checkPortions(Float.self, n, k)
  checkPortions(Double.self, n, k)
}
