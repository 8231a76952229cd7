import Tensors

/// The places `outer[k] · count + inner[k]` of pairs of indices, with `inner` below `count`, in rows
/// that are numbered by pairs.
struct FlattenedIndex: Primitive {
  var count: Extent

  func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try require(
      operands.count == 2 && operands[0].elements == .index && operands[1] == operands[0],
      "needs two indices of one shape")
    return operands[0]
  }

  func evaluate<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, into result: Destination<Scalar>
  ) {
    let (outer, inner) = (operands.indices(0), operands.indices(1))
    let count = Int32(operands.attribute(0))
    for k in 0..<result.shape.count { result.indices[k] = outer[k] * count + inner[k] }
  }

  func operandBounds(_ operands: [TensorType]) -> [Extent?] { [nil, count] }

  /// Known for numbers: the outer index lies below `bound / count` if the rows are all pairs.
  func operandBounds(
    _ operands: [TensorType], forResultBelow bound: Extent
  ) -> [Extent?]? {
    guard let bound = bound.constant, let count = count.constant, count > 0, bound % count == 0
    else { return nil }
    return [.fixed(bound / count), nil]
  }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    [nil, nil]
  }

  func batched(_ operands: [Symbol], isBatched: [Bool], slices: Extent) -> Symbol {
    trap("flattenedIndex: indices have no slices")
  }

  var attributeExtents: [Extent] { [count] }
}

extension Symbol {
  /// Returns the index `self · count + inner` of pairs of this index and another one below `count`,
  /// such as the row of two species in a table of all pairs of species.
  public func flattenedIndex(with inner: Symbol, below count: Extent) -> Symbol {
    FlattenedIndex(count: count)(self, inner)
  }
}
