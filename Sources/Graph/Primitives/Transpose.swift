import Tensors

/// The axes in another order: axis `i` of the result is axis `permutation[i]` of the operand.
struct Transpose: Primitive {
  var permutation: [Int]

  func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try require(operands.count == 1, "needs one operand")
    try require(
      permutation.sorted() == Array(0..<operands[0].shape.rank),
      "\(permutation) is no permutation of the operand's axes")
    return operands[0].with(Shape(permutation.map { operands[0].shape[$0] }))
  }

  func evaluate<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, into result: Destination<Scalar>
  ) {
    let source = operands.shape(0)
    let plan = Permutation(shape: (0..<source.rank).map { source[$0] }, axes: permutation)
    switch result.elements {
    case .real: plan.apply(operands[0], into: result.base)
    case .index: plan.apply(operands.indices(0), into: result.indices)
    }
  }

  var movesElements: Bool { true }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    let inverse = permutation.indices.map { permutation.firstIndex(of: $0)! }
    return [Transpose(permutation: inverse)(cotangent)]
  }

  func batched(_ operands: [Symbol], isBatched: [Bool], slices: Extent) -> Symbol {
    Transpose(permutation: [0] + permutation.map { $0 + 1 })(operands[0])
  }

  func segmented(_ operands: [Batched], slices: Extent) -> Batched? {
    guard let rows = operands[0].segmented else { return nil }
    return rows.with(self(rows.value), axis: permutation.firstIndex(of: rows.axis)!)
  }
}

extension Symbol {
  /// Returns the symbol with its axes in another order; axis `i` of the result is `permutation[i]`.
  public func transposed(_ permutation: [Int]) -> Symbol {
    permutation == Array(0..<rank) ? self : Transpose(permutation: permutation)(self)
  }

  /// Returns the symbol with its last two axes exchanged.
  public func transposed() -> Symbol {
    transposed(Array(0..<rank - 2) + [rank - 1, rank - 2])
  }

  /// Returns the symbol with one axis moved to another place.
  public func moving(axis: Int, to position: Int) -> Symbol {
    var order = Array(0..<rank)
    order.remove(at: axis)
    order.insert(axis, at: position)
    return transposed(order)
  }
}
