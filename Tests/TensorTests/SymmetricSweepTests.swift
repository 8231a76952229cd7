import Tensors
import Testing

/// A square matrix of which only the lower triangle holds numbers.
private func triangle<S: RealScalar>(_ n: Int) -> [S] {
  var p: [S] = scattered(n * n)
  for i in 0..<n { for j in i + 1..<max(n, i + 1) { p[i * n + j] = .nan } }
  return p
}

private func product<S: RealScalar>(_ p: [S], _ n: Int, _ v: [S], _ m: Int, threads: Int) -> [S] {
  var x = [S](repeating: .nan, count: m * n)
  var scratch = [S](repeating: .nan, count: symmetricProductScratch(size: n, count: m))
  symmetricProduct(
    p, size: n, v, count: m, into: &x, workers: Workers(count: threads), scratch: &scratch)
  return x
}

private func checkProduct<S: RealScalar>(_: S.Type, size n: Int, count m: Int) {
  let p: [S] = triangle(n)
  let v: [S] = scattered(m * n, seed: 2)
  let x = product(p, n, v, m, threads: 1)
  var expected = [S](repeating: 0, count: m * n)
  for k in 0..<m {
    for i in 0..<n {
      var sum = 0.0
      for j in 0..<n { sum += Double(p[max(i, j) * n + min(i, j)]) * Double(v[k * n + j]) }
      expected[k * n + i] = S(sum)
    }
  }
  #expect(greatestDifference(x, expected) <= 4 * S.ulpOfOne * S(n))
  #expect(product(p, n, v, m, threads: 2) == x, "two threads give other bits")
  #expect(product(p, n, v, m, threads: 2) == x, "the second run gives other bits")
}

private func checkUpdate<S: RealScalar>(_: S.Type, size n: Int, count m: Int) {
  let p: [S] = triangle(n)
  let u: [S] = scattered(m * n, seed: 3)
  let (f, q) = (S(0.75), S(0.25))
  var scratch = [S](repeating: .nan, count: symmetricRankUpdateScratch(size: n, count: m))
  let results = [1, 2].map { threads in
    var result = p
    symmetricRankUpdate(
      &result, size: n, scaledBy: f, subtracting: u, count: m, addingToDiagonal: q,
      workers: Workers(count: threads), scratch: &scratch)
    return result
  }
  var worst = S(0)
  var same = true
  for i in 0..<n {
    for j in 0...i {
      var sum = 0.0
      for k in 0..<m { sum += Double(u[k * n + i]) * Double(u[k * n + j]) }
      let expected = S(0.75 * Double(p[i * n + j]) - sum + (i == j ? Double(q) : 0))
      let error = abs(results[0][i * n + j] - expected)
      if !(error <= worst) { worst = error }
      if results[0][i * n + j] != results[1][i * n + j] { same = false }
    }
  }
  #expect(worst <= 2 * S.ulpOfOne * S(m + 1))
  #expect(same, "two threads give other bits")
  var untouched = p
  symmetricRankUpdate(
    &untouched, size: n, scaledBy: 1, subtracting: u, count: 0, addingToDiagonal: 0,
    workers: Workers(count: 1), scratch: &scratch)
  #expect(zip(untouched, p).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) })
}

@Test(
  "Sweeps over a triangle agree with plain loops", arguments: [0, 1, 2, 7, 8, 9, 16, 33, 300],
  [0, 1, 3, 5, 10, 13])
func sweep(size: Int, count: Int) {
  checkProduct(Float.self, size: size, count: count)
  checkProduct(Double.self, size: size, count: count)
  checkUpdate(Float.self, size: size, count: count)
  checkUpdate(Double.self, size: size, count: count)
}
