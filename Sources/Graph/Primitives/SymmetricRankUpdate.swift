import Tensors

/// A multiple of a symmetric matrix less a sum of outer products, with a number added to its
/// diagonal: `f P - Σ_{k < c} uₖ uₖᵀ + q 1`.
///
/// Shapes: `P` and the result [n, n], of both only the lower triangle is live and what lies right of
/// the diagonal is undefined; `f` a scalar; `U` [m, n], of which the first `c` rows count, `c` a
/// scalar; `q` a scalar. Done in place where `P` is not needed any more; then nothing is touched
/// when f = 1, c = 0 and q = 0. The kernel rounds the diagonal up, see `symmetricRankUpdate`.
/// Derivatives are those by the numbers stored, as in `SymmetricProduct`.
struct SymmetricRankUpdate: Primitive {
  func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try require(
      operands.count == 5 && operands.allSatisfy { $0.elements == .real }
        && operands[0].shape.rank == 2 && operands[0].shape.isSquare
        && operands[2].shape.rank == 2 && operands[2].shape[1] == operands[0].shape[1]
        && [1, 3, 4].allSatisfy { operands[$0].shape.rank == 0 },
      "needs a real square matrix, a scalar, rows as long as the matrix's and two scalars")
    return operands[0]
  }

  func evaluate<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, into result: Destination<Scalar>
  ) {
    if operands.bytes(0) != UnsafeRawPointer(result.bytes) {
      result.base.update(from: operands[0], count: result.shape.count)
    }
    symmetricRankUpdate(
      result.base, size: result.shape[0], scaledBy: operands[1][0], subtracting: operands[2],
      count: operands[3][0].clamped(to: 0...operands.shape(2)[0]),
      addingToDiagonal: operands[4][0], workers: operands.workers, scratch: operands.scratch)
  }

  func scratchCount(_ shapes: [ResolvedShape], result: ResolvedShape, workers: Workers) -> Int {
    symmetricRankUpdateScratch(size: result[0], count: shapes[2][0])
  }

  var sharesWork: Bool { true }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    let lower = cotangent.lowerTriangle()
    let rows = operands[2].keepingFirstRows(operands[3])
    let vectors = rows.matmul(lower + lower.transposed())
    return [
      operands[1].broadcast(to: lower.shape, axes: []) * lower,
      (lower * operands[0].lowerTriangle()).sum(), -vectors, nil, lower.trace(),
    ]
  }

  func batched(_ operands: [Symbol], isBatched: [Bool], slices: Extent) -> Symbol {
    let full = operands.repeated(slices, unless: isBatched)
    let shape = full[0].shape
    let diagonal =
      Symbol.identity(shape[2]).broadcast(to: shape, axes: [1, 2])
      * full[4].broadcast(to: shape, axes: [0])
    let rows = full[2].keepingFirstRows(full[3])
    return full[1].broadcast(to: shape, axes: [0]) * full[0]
      - rows.matmul(rows, transposed: true) + diagonal
  }

  func canOverwrite(operand: Int) -> Bool { operand == 0 }
}

extension Symbol {
  /// Returns `f P - Uᵀ U + q 1` for this symmetric matrix `P` [n, n], rows `U` [m, n] and scalars.
  ///
  /// Only the lower triangle is read and kept; what lies right of the diagonal is undefined. If a
  /// count is given, only so many of the first rows take part.
  public func symmetricRankUpdate(
    scaledBy factor: Symbol = .fill(1, .scalar), subtracting rows: Symbol, count: Symbol? = nil,
    addingToDiagonal q: Symbol
  ) -> Symbol {
    SymmetricRankUpdate()(self, factor, rows, count ?? .size(of: rows.shape[0]), q)
  }

  /// Returns matrices [.., m, n] with zeros in place of all rows but the first `count`, which has the
  /// shape of the leading axes.
  public func keepingFirstRows(_ count: Symbol) -> Symbol {
    let m = shape[rank - 2]
    let positions = Symbol.positions(below: m).broadcast(to: shape, axes: [rank - 2])
    let bounds = count.broadcast(to: shape, axes: Array(0..<rank - 2))
    return positions.isLess(than: bounds) * self
  }

  /// The numbers 0, 1, 2, … as a real vector.
  static func positions(below count: Extent) -> Symbol {
    Symbol.fill(1, [count]).cumulativeSum(along: 0) - 1
  }
}
