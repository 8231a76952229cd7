import Tensors

/// A symmetric matrix less a sum of outer products, with a number added to its diagonal:
/// `P - Uᵀ U + q 1`.
///
/// Shapes: `P` and the result [n, n], of both only the lower triangle is live and what lies right of
/// the diagonal is undefined; `U` [m, n]; `q` a scalar. Done in place where `P` is not needed any
/// more. Derivatives are those by the numbers stored, as in `SymmetricProduct`.
struct SymmetricRankUpdate: Primitive {
  func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try require(
      operands.count == 3 && operands.allSatisfy { $0.elements == .real }
        && operands[0].shape.rank == 2 && operands[0].shape.isSquare
        && operands[1].shape.rank == 2 && operands[1].shape[1] == operands[0].shape[1]
        && operands[2].shape.rank == 0,
      "needs a real square matrix, rows as long as its own and a scalar")
    return operands[0]
  }

  func evaluate<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, into result: Destination<Scalar>
  ) {
    if operands.bytes(0) != UnsafeRawPointer(result.bytes) {
      result.base.update(from: operands[0], count: result.shape.count)
    }
    symmetricRankUpdate(
      result.base, size: result.shape[0], subtracting: operands[1], count: operands.shape(1)[0],
      addingToDiagonal: operands[2][0], workers: operands.workers)
  }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    let lower = cotangent.lowerTriangle()
    let vectors = operands[1].matmul(lower + lower.transposed())
    return [lower, -vectors, lower.trace()]
  }

  func batched(_ operands: [Symbol], isBatched: [Bool], slices: Extent) -> Symbol {
    let full = operands.repeated(slices, unless: isBatched)
    let shape = full[0].shape
    let diagonal =
      Symbol.identity(shape[2]).broadcast(to: shape, axes: [1, 2])
      * full[2].broadcast(to: shape, axes: [0])
    return full[0] - full[1].matmul(full[1], transposed: true) + diagonal
  }

  func canOverwrite(operand: Int) -> Bool { operand == 0 }
}

extension Symbol {
  /// Returns `P - Uᵀ U + q 1` for this symmetric matrix `P` [n, n], rows `U` [m, n] and a scalar.
  ///
  /// Only the lower triangle is read and kept; what lies right of the diagonal is undefined.
  public func symmetricRankUpdate(subtracting rows: Symbol, addingToDiagonal q: Symbol) -> Symbol {
    SymmetricRankUpdate()(self, rows, q)
  }
}
