import Tensors

/// The lower triangular factor of the symmetric part of a matrix: `L Lᵀ = (A + Aᵀ) / 2`.
///
/// Shapes: `A` and `L` [..., n, n]. Computed in double precision; NaN everywhere if the matrix is
/// not positive definite. The derivative by `A` is symmetric (Murray, arXiv:1602.07527).
struct Cholesky: Primitive {
  func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try LowerTriangle().resultType(operands)
  }

  func evaluate<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, into result: Destination<Scalar>
  ) {
    let shape = result.shape
    let n = shape[shape.rank - 1]
    let matrix = operands.doubleScratch
    for slice in 0..<shape.count(0..<shape.rank - 2) {
      let target = result.base + slice * n * n
      symmetricPart(operands[0] + slice * n * n, size: n, into: matrix)
      if LinearAlgebra.choleskyFactor(matrix, size: n) != nil {
        target.update(repeating: .nan, count: n * n)
        continue
      }
      for row in 0..<n {
        for column in 0..<n {
          target[row * n + column] = column <= row ? Scalar(matrix[row * n + column]) : 0
        }
      }
    }
  }

  func scratchCount(_ shapes: [ResolvedShape], result: ResolvedShape, workers: Workers) -> Int {
    let n = result[result.rank - 1]
    return 2 * n * n
  }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    let half = result.matmul(cotangent.lowerTriangle(), transposed: true)
      .lowerTriangle(diagonal: 0.5)
    // L⁻ᵀ Φ L⁻¹, one side after the other.
    let left = result.triangularSolve(half, transposed: true)
    let both = result.triangularSolve(left.transposed(), transposed: true)
    return [both.symmetrized()]
  }

  func batched(_ operands: [Symbol], isBatched: [Bool], slices: Extent) -> Symbol {
    self(operands[0])
  }
}

extension Symbol {
  /// Returns the lower Cholesky factor of the symmetric part of the matrices in the last two axes;
  /// NaN for a matrix that is not positive definite.
  public func cholesky() -> Symbol { Cholesky()(self) }
}
