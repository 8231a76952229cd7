import Tensors

/// The product of vectors with a symmetric matrix of which one triangle is kept: `X = V P`.
///
/// Shapes: `P` [n, n], of which only the lower triangle is read, once; `V` and `X` [m, n]. The
/// derivative by `P` is that by the numbers stored: a lower triangle in which each number left of
/// the diagonal counts for both places of the matrix that it stands for.
struct SymmetricProduct: Primitive {
  func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try require(
      operands.count == 2 && operands.allSatisfy { $0.elements == .real && $0.shape.rank == 2 }
        && operands[0].shape.isSquare && operands[1].shape[1] == operands[0].shape[1],
      "needs a real square matrix and rows as long as its own")
    return operands[1]
  }

  func evaluate<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, into result: Destination<Scalar>
  ) {
    symmetricProduct(
      operands[0], size: result.shape[1], operands[1], count: result.shape[0], into: result.base,
      workers: operands.workers, scratch: operands.scratch)
  }

  func scratchCount(_ shapes: [ResolvedShape], result: ResolvedShape, workers: Workers) -> Int {
    symmetricProductScratch(size: result[1], count: result[0])
  }

  var sharesWork: Bool { true }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    let product = operands[1].matmul(cotangent, transposed: true)
    return [
      (product + product.transposed()).lowerTriangle(diagonal: 0.5), self(operands[0], cotangent),
    ]
  }

  func batched(_ operands: [Symbol], isBatched: [Bool], slices: Extent) -> Symbol {
    let (matrix, vectors) = (operands[0], operands[1])
    if isBatched[0] {
      let vectors = isBatched[1] ? vectors : vectors.repeated(slices)
      return vectors.matmul(matrix.mirroredLowerTriangle())
    }
    let rows: Shape = [slices * vectors.shape[1], vectors.shape[2]]
    return self(matrix, vectors.reshaped(rows)).reshaped(vectors.shape)
  }

  /// Rows of `V` stay apart.
  func segmented(_ operands: [Batched], slices: Extent) -> Batched? {
    guard let matrix = operands[0].shared, let rows = operands[1].segmented, rows.axis == 0
    else { return nil }
    return rows.with(self(matrix, rows.value))
  }
}

extension Symbol {
  /// Returns `V P` for this symmetric matrix `P` [n, n], of which only the lower triangle is read,
  /// and rows `V` [m, n].
  public func symmetricProduct(_ rows: Symbol) -> Symbol { SymmetricProduct()(self, rows) }
}
