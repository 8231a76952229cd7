import Tensors

/// The lower triangle of the last two axes: the diagonal times a factor, zero right of it.
struct LowerTriangle: Primitive {
  /// The factor of the diagonal.
  var diagonal = 1.0

  func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try require(
      operands.count == 1 && operands[0].elements == .real && operands[0].shape.isSquare,
      "needs one real operand of square matrices")
    return operands[0]
  }

  func evaluate<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, into result: Destination<Scalar>
  ) {
    let shape = result.shape
    let n = shape[shape.rank - 1]
    for row in 0..<(n == 0 ? 0 : shape.count / n) {
      let (target, column) = (result.base + row * n, row % n)
      target.update(from: operands[0] + row * n, count: column + 1)
      // Zero times anything is zero here: what lies on a dropped diagonal has no influence.
      if diagonal != 1 { target[column] = diagonal == 0 ? 0 : target[column] * Scalar(diagonal) }
      (target + column + 1).update(repeating: 0, count: n - column - 1)
    }
  }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    [self(cotangent)]
  }

  func batched(_ operands: [Symbol], isBatched: [Bool], slices: Extent) -> Symbol {
    self(operands[0])
  }

  func segmented(_ operands: [Batched], slices: Extent) -> Batched? {
    operands[0].segmented.map { $0.with(self($0.value)) }
  }
}

extension Shape {
  /// Whether the last two axes are those of a square matrix.
  var isSquare: Bool { rank >= 2 && extents[rank - 1] == extents[rank - 2] }
}

extension Symbol {
  /// Returns the lower triangle of the last two axes, its diagonal times a factor, and zeros.
  public func lowerTriangle(diagonal: Double = 1) -> Symbol {
    LowerTriangle(diagonal: diagonal)(self)
  }

  /// Returns the symmetric matrix whose lower triangle this is; the rest is not read.
  public func mirroredLowerTriangle() -> Symbol {
    let half = lowerTriangle(diagonal: 0.5)
    return half + half.transposed()
  }

  /// Returns the symmetric part `(A + Aᵀ) / 2` of the last two axes.
  public func symmetrized() -> Symbol { (self + transposed()) * 0.5 }
}
