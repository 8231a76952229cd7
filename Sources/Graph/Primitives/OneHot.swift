import Tensors

/// A row of zeros with a single one for each index: `result[s, k] = 1` where `index[k] = s`.
///
/// The shape is [count, indices], so that slices come first.
struct OneHot: Primitive {
  var count: Extent

  func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try require(
      operands.count == 1 && operands[0].elements == .index && operands[0].shape.rank == 1,
      "needs one vector of indices")
    return .real([count, operands[0].shape[0]])
  }

  func evaluate<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, into result: Destination<Scalar>
  ) {
    let columns = result.shape[1]
    result.base.update(repeating: 0, count: result.shape.count)
    for column in 0..<columns {
      result.base[Int(operands.indices(0)[column]) * columns + column] = 1
    }
  }

  func operandBounds(_ operands: [TensorType]) -> [Extent?] { [count] }

  /// Nothing: an index has no derivative.
  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] { [nil] }

  func batched(_ operands: [Symbol], isBatched: [Bool], slices: Extent) -> Symbol {
    trap("oneHot: indices have no slices")
  }
}

extension Symbol {
  /// Returns the mask of this index: 1 at `[s, k]` where element `k` is `s`, of shape [count, k].
  public func oneHot(below count: Extent) -> Symbol { OneHot(count: count)(self) }
}
