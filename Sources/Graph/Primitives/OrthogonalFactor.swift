import Tensors

/// The orthogonal factor of a square matrix, `A = Q R` with an upper triangular R whose diagonal is not
/// negative.
///
/// Shapes: [..., n, n] to [..., n, n]. Computed in double precision. Derivatives need an A of full rank;
/// with the cotangent Q̄ that of A is `(Q̄ - Q (T + tᵀ)) R⁻ᵀ`, where T is the lower triangle of Q̄ᵀ Q and t
/// the part of it below the diagonal (Walter and Lehmann, arXiv:1009.6112).
struct OrthogonalFactor: Primitive {
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
      convert(operands[0] + slice * n * n, count: n * n, into: matrix)
      LinearAlgebra.orthogonalFactor(matrix, size: n, scratch: matrix + n * n)
      convert(matrix, count: n * n, into: result.base + slice * n * n)
    }
  }

  func scratchCount(_ shapes: [ResolvedShape], result: ResolvedShape, workers: Workers) -> Int {
    let n = result[result.rank - 1]
    return 2 * (n * n + LinearAlgebra.orthogonalFactorScratch(n))
  }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    let upper = result.matmul(operands[0], transposed: true)
    let product = cotangent.matmul(result, transposed: true)
    let symmetric = product.lowerTriangle() + product.lowerTriangle(diagonal: 0).transposed()
    let left = cotangent - result.matmul(symmetric)
    return [
      upper.transposed().triangularSolve(left.transposed(), transposed: true).transposed()
    ]
  }

  func batched(_ operands: [Symbol], isBatched: [Bool], slices: Extent) -> Symbol {
    self(operands[0])
  }
}

extension Symbol {
  /// Returns the orthogonal factor Q of the square matrices `A = Q R` in the last two axes, with an upper
  /// triangular R whose diagonal is not negative.
  public func orthogonalFactor() -> Symbol { OrthogonalFactor()(self) }
}
