import Tensors

/// The solution of `(A + Aᵀ) / 2 · X = B` by Cholesky's factorisation.
///
/// Shapes: `A` [..., n, n], `B` and `X` [..., n, k]. Computed in double precision; NaN everywhere if
/// the matrix is not positive definite. The derivative by `A` is symmetric.
struct CholeskySolve: LinearSolve {
  func evaluate<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, into result: Destination<Scalar>
  ) {
    let shape = result.shape
    let (n, columns) = (shape[shape.rank - 2], shape[shape.rank - 1])
    let matrix = operands.doubleScratch
    let sides = matrix + n * n
    for slice in 0..<shape.count(0..<shape.rank - 2) {
      let target = result.base + slice * n * columns
      symmetricPart(operands[0] + slice * n * n, size: n, into: matrix)
      if LinearAlgebra.choleskyFactor(matrix, size: n) != nil {
        target.update(repeating: .nan, count: n * columns)
        continue
      }
      convert(operands[1] + slice * n * columns, count: n * columns, into: sides)
      LinearAlgebra.solveFactored(matrix, size: n, rightHandSides: sides, columns: columns)
      convert(sides, count: n * columns, into: target)
    }
  }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    let sides = self(operands[0], cotangent)
    return [-sides.matmul(result, otherTransposed: true).symmetrized(), sides]
  }
}

extension Symbol {
  /// Solves `A X = B` for this symmetric positive definite `A`, of which the symmetric part is taken.
  ///
  /// `A` is [..., n, n], `B` and the result [..., n, k]. NaN if `A` is not positive definite.
  public func choleskySolve(_ rightHandSides: Symbol) -> Symbol {
    CholeskySolve()(self, rightHandSides)
  }
}
