import Graph
import Tensors
import Testing

@Test("Triangular systems small and large, solved in two ways, are solved", arguments: [64, 65])
func triangularSystems(size n: Int) throws {
  let l = Symbol.placeholder("l", [.fixed(n), .fixed(n)])
  let b = Symbol.placeholder("b", [.fixed(n), 3])
  let feed = Feed<Float>()
  var elements = (0..<n * n).map { Double($0 * 29 % 31) / 310 }
  for row in 0..<n { elements[row * (n + 1)] = 3 }
  feed.set(l, elements)
  feed.set(b, (0..<n * 3).map { Double($0 * 17 % 13) })
  let triangle = l.lowerTriangle()
  let residuals = [false, true].map { transposed in
    triangle.matmul(l.triangularSolve(b, transposed: transposed), transposed: transposed) - b
  }
  for residual in try evaluate(residuals, feed) {
    #expect(residual.count == 3 * n)
    #expect(residual.allSatisfy { abs($0) < 1e-4 })
  }
}
