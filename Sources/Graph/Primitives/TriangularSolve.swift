import Tensors

/// The solution of `op(L) X = B`, where `L` is lower triangular and `op` transposes if told so.
///
/// Shapes: `L` [..., n, n], of which only the lower triangle is read, `B` and `X` [..., n, k].
/// Computed in double precision; infinite or NaN where the diagonal has a zero.
struct TriangularSolve: LinearSolve {
  var isTransposed = false

  /// The largest matrix that is solved without BLAS.
  private static var smallSize: Int { 64 }

  func evaluate<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, into result: Destination<Scalar>
  ) {
    let shape = result.shape
    let (n, columns) = (shape[shape.rank - 2], shape[shape.rank - 1])
    if n <= Self.smallSize {
      for slice in 0..<shape.count(0..<shape.rank - 2) {
        let start = slice * n * columns
        solveTriangularRows(
          operands[0] + slice * n * n, transposed: isTransposed, size: n,
          rightHandSides: operands[1] + start, columns: columns, into: result.base + start)
      }
      return
    }
    let matrix = operands.doubleScratch
    let sides = matrix + n * n
    for slice in 0..<shape.count(0..<shape.rank - 2) {
      convert(operands[0] + slice * n * n, count: n * n, into: matrix)
      convert(operands[1] + slice * n * columns, count: n * columns, into: sides)
      LinearAlgebra.solveTriangular(
        matrix, .lower, transposed: isTransposed, size: n, rightHandSides: sides, columns: columns)
      convert(sides, count: n * columns, into: result.base + slice * n * columns)
    }
  }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    let sides = TriangularSolve(isTransposed: !isTransposed)(operands[0], cotangent)
    let product =
      isTransposed
      ? result.matmul(sides, otherTransposed: true) : sides.matmul(result, otherTransposed: true)
    return [-product.lowerTriangle(), sides]
  }
}

extension Symbol {
  /// Solves `op(L) X = B`, where this is the lower triangular `L` and `op` transposes if told so.
  ///
  /// `L` is [..., n, n], of which only the lower triangle is read, `B` and the result [..., n, k].
  /// An upper triangular system is `u.transposed().triangularSolve(b, transposed: true)`.
  public func triangularSolve(_ rightHandSides: Symbol, transposed: Bool = false) -> Symbol {
    TriangularSolve(isTransposed: transposed)(self, rightHandSides)
  }
}
