import Tensors
import Testing

private func check<S: RealScalar>(_: S.Type, size n: Int, columns: Int, transposed: Bool) {
  var matrix: [S] = scattered(n * n, seed: 3)
  for i in 0..<n {
    matrix[i * n + i] += 3
    // What is right of the diagonal is not read.
    for j in i + 1..<max(n, i + 1) { matrix[i * n + j] = .nan }
  }
  let solution: [S] = scattered(n * columns, seed: 4)
  var sides = [S](repeating: 0, count: n * columns)
  for i in 0..<n {
    for j in transposed ? i..<n : 0..<i + 1 {
      let element = transposed ? matrix[j * n + i] : matrix[i * n + j]
      for c in 0..<columns { sides[i * columns + c] += element * solution[j * columns + c] }
    }
  }
  var found = [S](repeating: .nan, count: n * columns + 1)
  solveTriangularRows(
    matrix, transposed: transposed, size: n, rightHandSides: sides, columns: columns, into: &found)
  #expect(found.removeLast().isNaN)
  #expect(greatestDifference(found, solution) <= S(20 * n) * S.ulpOfOne)
  // The same in place.
  found = sides
  found.withUnsafeMutableBufferPointer {
    solveTriangularRows(
      matrix, transposed: transposed, size: n, rightHandSides: $0.baseAddress!, columns: columns,
      into: $0.baseAddress!)
  }
  #expect(greatestDifference(found, solution) <= S(20 * n) * S.ulpOfOne)
}

@Test(
  "Triangular systems of many columns are solved",
  arguments: [(1, 1), (2, 8), (3, 15), (10, 16), (10, 17), (7, 40), (4, 25)])
func triangularRows(n: Int, columns: Int) {
  for transposed in [false, true] {
    check(Float.self, size: n, columns: columns, transposed: transposed)
    check(Double.self, size: n, columns: columns, transposed: transposed)
  }
}

@Test("A zero on the diagonal gives what is not finite")
func singularTriangle() {
  var x: [Float] = [0, 0]
  solveTriangularRows(
    [2, 0, 1, 0], transposed: false, size: 2, rightHandSides: [1, 1], columns: 1, into: &x)
  #expect(x[0] == 0.5)
  #expect(!x[1].isFinite)
}
