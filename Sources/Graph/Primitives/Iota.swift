import Tensors

/// The indices `0, 1, 2, …` of an axis.
struct Iota: Primitive {
  var count: Extent

  func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try require(operands.isEmpty, "takes no operands")
    return .index([count])
  }

  func evaluate<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, into result: Destination<Scalar>
  ) {
    for row in 0..<result.shape[0] { result.indices[row] = Int32(truncatingIfNeeded: row) }
  }

  func operandBounds(
    _ operands: [TensorType], forResultBelow bound: Extent
  ) -> [Extent?]? {
    if count == bound { return [] }
    guard let count = count.constant, let bound = bound.constant else { return nil }
    return count <= bound ? [] : nil
  }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] { [] }

  func batched(_ operands: [Symbol], isBatched: [Bool], slices: Extent) -> Symbol {
    trap("iota has no operand that could have slices")
  }
}

extension Symbol {
  /// The indices `0, 1, 2, …` below an extent, of shape [count].
  public static func indices(below count: Extent) -> Symbol { Iota(count: count)() }
}
