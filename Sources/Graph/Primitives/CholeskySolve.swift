import Tensors

/// The solution of `(A + Aᵀ) / 2 · X = B` by Cholesky's factorisation.
///
/// Shapes: `A` [..., n, n], `B` and `X` [..., n, k]. Computed in double precision; NaN everywhere if
/// the matrix is not positive definite. The derivative by `A` is symmetric.
struct CholeskySolve: Primitive {
  func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try requireSolvable(operands)
    return operands[1]
  }

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

  func scratchCount(_ shapes: [ResolvedShape], result: ResolvedShape, workers: Workers) -> Int {
    let n = result[result.rank - 2]
    return 2 * n * (n + result[result.rank - 1])
  }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    let sides = self(operands[0], cotangent)
    return [-sides.matmul(result, otherTransposed: true).symmetrized(), sides]
  }

  func batched(_ operands: [Symbol], isBatched: [Bool], slices: Extent) -> Symbol {
    applied(to: zip(operands, isBatched).map { $1 ? $0 : $0.repeated(slices) })
  }

  /// Right-hand sides that belong to different slices stay apart.
  func segmented(_ operands: [Batched], slices: Extent) -> Batched? {
    guard let matrix = operands[0].shared, let rows = operands[1].segmented,
      rows.axis == rows.value.rank - 1
    else { return nil }
    return rows.with(self(matrix, rows.value))
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
