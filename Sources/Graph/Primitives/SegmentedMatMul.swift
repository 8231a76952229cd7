import Tensors

/// A matrix product for each segment of rows: `result[s] = Σ a[r] ⊗ b[r]` over `r` with
/// `segment[r] = s`, of shape [count, columns of a, columns of b].
///
/// This is what a contraction over rows becomes when the rows belong to different samples: the
/// samples' rows of a Jacobian.
struct SegmentedMatMul: Primitive {
  var count: Extent

  func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try require(
      operands.count == 3 && operands[0].elements == .real && operands[1].elements == .real
        && operands[0].shape.rank == 2 && operands[1].shape.rank == 2
        && operands[0].shape[0] == operands[1].shape[0]
        && operands[2] == .index([operands[0].shape[0]]),
      "needs two real matrices and an index with the same rows")
    return .real([count, operands[0].shape[1], operands[1].shape[1]])
  }

  func evaluate<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, into result: Destination<Scalar>
  ) {
    segmentedProduct(
      operands[0], result.shape[1], operands[1], result.shape[2], segments: operands.indices(2),
      rows: operands.shape(0)[0], into: result.base, count: result.shape[0])
  }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    let perRow = cotangent.gathered(by: operands[2])
    func product(_ row: Symbol, _ transposed: Bool) -> Symbol {
      let result = MatMul(transposeB: transposed)(row.inserting(axis: 1), perRow)
      return result.reshaped([result.shape[0], result.shape[2]])
    }
    return [product(operands[1], true), product(operands[0], false), nil]
  }

  /// Written out as sums of outer products; only derivatives of Jacobians come here.
  func batched(_ operands: [Symbol], isBatched: [Bool], slices: Extent) -> Symbol {
    let (a, b) = (operands[0], operands[1])
    let columns = [a.shape[a.rank - 1], b.shape[b.rank - 1]]
    let shape = Shape([slices, operands[2].shape[0]] + columns)
    let outer =
      a.broadcast(to: shape, axes: isBatched[0] ? [0, 1, 2] : [1, 2])
      * b.broadcast(to: shape, axes: isBatched[1] ? [0, 1, 3] : [1, 3])
    return outer.segmentSum(by: operands[2], count: count, axis: 1)
  }
}

extension Symbol {
  /// Returns a product for each segment of rows: `Σ a[r] ⊗ b[r]` over the rows that carry the same
  /// index below `count`, of shape [count, columns of a, columns of b].
  public func segmentedMatMul(_ other: Symbol, by index: Symbol, count: Extent) -> Symbol {
    SegmentedMatMul(count: count)(self, other, index)
  }
}
