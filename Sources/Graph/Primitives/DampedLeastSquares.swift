import Tensors

/// The x that minimises `|J x - b|² + μ |x|²` for a number `μ > 0`.
///
///     x = (Jᵀ J + μ)⁻¹ Jᵀ b = Jᵀ (J Jᵀ + μ)⁻¹ b
///
/// Shapes: `J` [..., m, n], `b` [..., m], `μ` [...], `x` [..., n]. A run takes the smaller of both matrices and
/// factors it by Cholesky's method, in double precision; NaN everywhere if it is not positive definite.
struct DampedLeastSquares: Primitive {
  func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try require(
      operands.count == 3 && operands.allSatisfy { $0.elements == .real }
        && operands[0].shape.rank >= 2
        && operands[1].shape == operands[0].shape.removing([operands[0].shape.rank - 1])
        && operands[2].shape == operands[1].shape.removing([operands[1].shape.rank - 1]),
      "needs real matrices [..., m, n], right-hand sides [..., m] and numbers [...]")
    return operands[0].with(operands[0].shape.removing([operands[0].shape.rank - 2]))
  }

  func evaluate<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, into result: Destination<Scalar>
  ) {
    let shape = operands.shape(0)
    let (m, n) = (shape[shape.rank - 2], shape[shape.rank - 1])
    for slice in 0..<shape.count(0..<shape.rank - 2) {
      let target = result.base + slice * n
      let isSolved = LinearAlgebra.dampedLeastSquares(
        operands[0] + slice * m * n, rows: m, columns: n, rightHandSide: operands[1] + slice * m,
        damping: Double(operands[2][slice]), into: target, scratch: operands.doubleScratch,
        workers: operands.workers)
      if !isSolved { target.update(repeating: .nan, count: n) }
    }
  }

  func scratchCount(_ shapes: [ResolvedShape], result: ResolvedShape, workers: Workers) -> Int {
    let (m, n) = (shapes[0][shapes[0].rank - 2], shapes[0][shapes[0].rank - 1])
    return 2 * LinearAlgebra.dampedLeastSquaresScratch(rows: m, columns: n)
  }

  var sharesWork: Bool { true }

  /// With `y = (Jᵀ J + μ)⁻¹ x̄ = (x̄ - x(J x̄)) / μ`, where x(c) solves for c: `J̄ = (b - J x) yᵀ - (J y) xᵀ`,
  /// `b̄ = J y` and `μ̄ = -yᵀ x`.
  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    let (j, b, damping) = (operands[0], operands[1], operands[2])
    func column(_ vector: Symbol) -> Symbol { vector.inserting(axis: vector.rank) }
    func row(_ vector: Symbol) -> Symbol { vector.inserting(axis: vector.rank - 1) }
    func product(_ x: Symbol) -> Symbol { j.matmul(column(x)).reshaped(b.shape) }
    let leading = Array(0..<damping.rank)
    let y =
      (cotangent - self(j, product(cotangent), damping))
      / damping.broadcast(to: cotangent.shape, axes: leading)
    let residual = b - product(result)
    return [
      column(residual).matmul(row(y)) - column(product(y)).matmul(row(result)), product(y),
      -(y * result).sum(along: result.rank - 1),
    ]
  }

  func batched(_ operands: [Symbol], isBatched: [Bool], slices: Extent) -> Symbol {
    applied(to: operands.repeated(slices, unless: isBatched))
  }
}

extension Symbol {
  /// Returns the x that minimises `|J x - b|² + μ |x|²` for these matrices J in the last two axes, by the
  /// smaller of `J Jᵀ` and `Jᵀ J`.
  ///
  /// J is [..., m, n], the right-hand side b [..., m], the damping μ [...], and the result [..., n]. NaN where
  /// the matrix is not positive definite.
  public func dampedLeastSquares(_ rightHandSide: Symbol, damping: Symbol) -> Symbol {
    DampedLeastSquares()(self, rightHandSide, damping)
  }
}
