import Tensors
import Testing

private func element<S>(_ a: [S], _ leading: Int, _ transposed: Bool, _ i: Int, _ j: Int) -> S {
  transposed ? a[j * leading + i] : a[i * leading + j]
}

private func checkProduct<S: RealScalar>(_: S.Type, _ m: Int, _ n: Int, _ k: Int) {
  for (transposedA, transposedB) in [(false, false), (false, true), (true, false), (true, true)] {
    // Stored rows are longer than the matrices, and what is between them is not to be touched.
    let (lda, ldb, ldc) = ((transposedA ? m : k) + 2, (transposedB ? k : n) + 1, n + 3)
    let a: [S] = scattered(((transposedA ? k : m) + 1) * lda, seed: 6)
    let b: [S] = scattered(((transposedB ? n : k) + 1) * ldb, seed: 7)
    for (alpha, beta) in [(1, 0), (0.5, 1), (-2, 0.25)] as [(S, S)] {
      var c: [S] = scattered(m * ldc, seed: 8)
      if beta == 0 { for i in 0..<m { for j in 0..<n { c[i * ldc + j] = .nan } } }
      var expected = c
      for i in 0..<m {
        for j in 0..<n {
          var sum: S = 0
          for l in 0..<k {
            sum += element(a, lda, transposedA, i, l) * element(b, ldb, transposedB, l, j)
          }
          expected[i * ldc + j] = alpha * sum + (beta == 0 ? 0 : beta * c[i * ldc + j])
        }
      }
      S.multiply(
        a, transposed: transposedA, leading: lda, b, transposed: transposedB, leading: ldb,
        into: &c, leading: ldc, rows: m, columns: n, inner: k, alpha: alpha, beta: beta)
      let difference = greatestDifference(c, expected)
      #expect(difference <= 40 * S.ulpOfOne, "\(transposedA) \(transposedB) \(alpha) \(beta)")
    }
  }
}

@Test(
  "Matrix products agree with plain loops, also of vectors and of nothing",
  arguments: [
    (1, 1, 1), (3, 4, 5), (1, 6, 3), (6, 1, 3), (5, 4, 1), (17, 9, 20), (0, 3, 2), (3, 0, 2),
    (3, 4, 0), (1, 4, 0), (4, 1, 0),
  ])
func matrixProducts(m: Int, n: Int, k: Int) {
  checkProduct(Float.self, m, n, k)
  checkProduct(Double.self, m, n, k)
}

/// A symmetric positive definite matrix, B Bᵀ + 1/10.
private func positiveDefinite(_ n: Int) -> [Double] {
  let b: [Double] = scattered(n * n)
  var a = [Double](repeating: 0, count: n * n)
  Double.multiply(
    b, transposed: false, leading: n, b, transposed: true, leading: n, into: &a, leading: n,
    rows: n, columns: n, inner: n, alpha: 1, beta: 0)
  for i in 0..<n { a[i * n + i] += 0.1 }
  return a
}

@Test("A Cholesky factor solves its system", arguments: [1, 2, 5, 40])
func cholesky(n: Int) {
  let a = positiveDefinite(n)
  let columns = 3
  let expected: [Double] = scattered(n * columns, seed: 9)
  var b = [Double](repeating: 0, count: n * columns)
  Double.multiply(
    a, transposed: false, leading: n, expected, transposed: false, leading: columns, into: &b,
    leading: columns, rows: n, columns: columns, inner: n, alpha: 1, beta: 0)
  var factor = a
  for i in 0..<n { for j in i + 1..<max(n, i + 1) { factor[i * n + j] = .nan } }
  #expect(LinearAlgebra.choleskyFactor(&factor, size: n) == nil)
  LinearAlgebra.solveFactored(factor, size: n, rightHandSides: &b, columns: columns)
  #expect(greatestDifference(b, expected) < 1e-9)
}

@Test("A Cholesky factorisation names the first pivot that is not positive")
func choleskyPivot() {
  var a = [4.0, 0, 0, 2, 1, 0, 0, 0, 3]
  #expect(LinearAlgebra.choleskyFactor(&a, size: 3) == 1)
  var missing = [4.0, 0, 0, 2, 9, 0, .nan, 0, 3]
  #expect(LinearAlgebra.choleskyFactor(&missing, size: 3) == 2)
}

@Test("Triangular systems are solved from either end")
func triangular() {
  let lower = [2.0, .nan, 3, 4]
  let upper = [2.0, 3, .nan, 4]
  var x = [2.0, 4, 11, 18]
  LinearAlgebra.solveTriangular(
    lower, .lower, transposed: false, size: 2, rightHandSides: &x, columns: 2)
  #expect(x == [1, 2, 2, 3])
  x = [8, 13, 8, 12]
  LinearAlgebra.solveTriangular(
    lower, .lower, transposed: true, size: 2, rightHandSides: &x, columns: 2)
  #expect(x == [1, 2, 2, 3])
  x = [8, 13, 8, 12]
  LinearAlgebra.solveTriangular(
    upper, .upper, transposed: false, size: 2, rightHandSides: &x, columns: 2)
  #expect(x == [1, 2, 2, 3])
}

@Test("Eigenvectors diagonalise a symmetric matrix", arguments: [0, 1, 2, 30])
func eigensystem(n: Int) throws {
  let a = positiveDefinite(n)
  let system = try SymmetricEigensystem(a, size: n)
  #expect(system.values == system.values.sorted())
  var image = [Double](repeating: 0, count: n * n)
  if n > 0 {
    Double.multiply(
      system.vectors, transposed: false, leading: n, a, transposed: false, leading: n,
      into: &image, leading: n, rows: n, columns: n, inner: n, alpha: 1, beta: 0)
  }
  let expected = image.indices.map { system.values[$0 / n] * system.vectors[$0] }
  #expect(greatestDifference(image, expected) < 1e-11)
}

@Test("Least squares find the shortest solution and the rank")
func leastSquares() throws {
  // The second column is twice the first, so only x + 2 y is known: it is 5.
  let dependent = try LeastSquares(
    [1, 2, 2, 4, 3, 6], rows: 3, columns: 2, rightHandSides: [5, 10, 15])
  #expect(dependent.rank == 1)
  #expect(greatestDifference(dependent.solution, [1, 2]) < 1e-12)
  let line = try LeastSquares(
    [1, 0, 1, 1, 1, 2], rows: 3, columns: 2, rightHandSides: [1, 0, 2, 0, 4, 3], count: 2)
  #expect(line.rank == 2)
  let expected = [5.0 / 6, -0.5, 1.5, 1.5]
  #expect(greatestDifference(line.solution, expected) < 1e-12)
  let wide = try LeastSquares([3, 4], rows: 1, columns: 2, rightHandSides: [25])
  #expect(greatestDifference(wide.solution, [3, 4]) < 1e-12)
}

@Test("Matrices that hold something else than numbers are refused")
func notFinite() {
  #expect(throws: LinearAlgebra.Failure.notFinite(row: 1, column: 0)) {
    try SymmetricEigensystem([1, 0, .nan, 1], size: 2)
  }
  #expect(throws: LinearAlgebra.Failure.notFinite(row: 0, column: 1)) {
    try LeastSquares([1, .infinity], rows: 1, columns: 2, rightHandSides: [1])
  }
}

@Test("OpenBLAS can be kept to one thread")
func openBLASThreads() {
  OpenBLAS.useOneThread()
  #expect(OpenBLAS.threadCount == 1)
  #expect(!OpenBLAS.coreName.isEmpty)
}

@Test(
  "An orthogonal factor has orthonormal columns and leaves an upper triangle",
  arguments: [1, 2, 5, 40])
func orthogonalFactor(n: Int) {
  let a: [Double] = scattered(n * n)
  var q = a
  var scratch = [Double](repeating: 0, count: LinearAlgebra.orthogonalFactorScratch(n))
  LinearAlgebra.orthogonalFactor(&q, size: n, scratch: &scratch)
  func product(with other: [Double]) -> [Double] {
    var c = [Double](repeating: 0, count: n * n)
    Double.multiply(
      q, transposed: true, leading: n, other, transposed: false, leading: n, into: &c, leading: n,
      rows: n, columns: n, inner: n, alpha: 1, beta: 0)
    return c
  }
  let (square, upper) = (product(with: q), product(with: a))
  for i in 0..<n {
    #expect(upper[i * n + i] >= 0)
    for j in 0..<n {
      #expect(abs(square[i * n + j] - (i == j ? 1 : 0)) < 1e-13)
      if j < i { #expect(abs(upper[i * n + j]) < 1e-13) }
    }
  }
}

@Test(
  "Damped least squares fulfil their normal equations, with more rows or more columns",
  arguments: [(1, 1), (5, 3), (3, 5), (300, 7), (7, 300), (300, 270), (270, 300), (0, 3)])
func dampedLeastSquares(m: Int, n: Int) {
  let (j, b): ([Double], [Double]) = (scattered(m * n, seed: 2), scattered(m, seed: 3))
  let damping = 0.3
  func solve<S: RealScalar>(_: S.Type, workers: Int) -> [Double] {
    var x = [S](repeating: 7, count: n)
    var scratch = [Double](
      repeating: .nan, count: LinearAlgebra.dampedLeastSquaresScratch(rows: m, columns: n))
    let isSolved = LinearAlgebra.dampedLeastSquares(
      j.map { S($0) }, rows: m, columns: n, rightHandSide: b.map { S($0) }, damping: damping,
      into: &x, scratch: &scratch, workers: Workers(count: workers))
    #expect(isSolved)
    return x.map { Double($0) }
  }
  let x = solve(Double.self, workers: 1)
  // The gradient Jᵀ (J x - b) + μ x is zero.
  var gradient = x.map { damping * $0 }
  for row in 0..<m {
    let error = (0..<n).reduce(-b[row]) { $0 + j[row * n + $1] * x[$1] }
    for column in 0..<n { gradient[column] += error * j[row * n + column] }
  }
  let largest = gradient.map(abs).max() ?? 0
  #expect(largest < 1e-12 * Double(m + n))
  #expect(solve(Double.self, workers: 2) == x)
  #expect(greatestDifference(solve(Float.self, workers: 2), x) < 1e-5)
}

@Test("A damped problem with a number that is none has no solution")
func dampedFault() {
  var x = [1.0, 2]
  var scratch = [Double](
    repeating: 0, count: LinearAlgebra.dampedLeastSquaresScratch(rows: 1, columns: 2))
  let isSolved = LinearAlgebra.dampedLeastSquares(
    [1, .nan], rows: 1, columns: 2, rightHandSide: [1.0], damping: 1, into: &x, scratch: &scratch,
    workers: Workers(count: 1))
  #expect(!isSolved && x == [1, 2])
}
