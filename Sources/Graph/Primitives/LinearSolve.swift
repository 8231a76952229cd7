import Tensors

/// A primitive that solves linear equations `A X = B`, slice by slice and in double precision.
///
/// Shapes: `A` [..., n, n], `B` and `X` [..., n, k].
protocol LinearSolve: Primitive {}

extension LinearSolve {
  func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try require(
      operands.count == 2 && operands.allSatisfy { $0.elements == .real && $0.shape.rank >= 2 }
        && operands[0].shape.isSquare
        && operands[0].shape.extents.dropLast() == operands[1].shape.extents.dropLast(),
      "needs real square matrices and right-hand sides with the same rows")
    return operands[1]
  }

  /// Room for one matrix and its right-hand sides as doubles.
  func scratchCount(_ shapes: [ResolvedShape], result: ResolvedShape, workers: Workers) -> Int {
    let n = result[result.rank - 2]
    return 2 * n * (n + result[result.rank - 1])
  }

  func batched(_ operands: [Symbol], isBatched: [Bool], slices: Extent) -> Symbol {
    applied(to: operands.repeated(slices, unless: isBatched))
  }

  /// Right-hand sides that belong to different slices stay apart.
  func segmented(_ operands: [Batched], slices: Extent) -> Batched? {
    guard let matrix = operands[0].shared, let rows = operands[1].segmented,
      rows.axis == rows.value.rank - 1
    else { return nil }
    return rows.with(self(matrix, rows.value))
  }
}
