import Tensors

/// The sums of all rows up to each one along an axis: `result[k] = Σ operand[i]` over `i ≤ k`.
struct CumulativeSum: Primitive {
  var axis: Int
  /// Whether a row leaves itself out of its sum.
  var isExclusive = false
  /// Whether sums start at the last row.
  var isReversed = false

  func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try require(
      operands.count == 1 && operands[0].elements == .real
        && operands[0].shape.extents.indices.contains(axis),
      "needs one real operand with an axis \(axis)")
    return operands[0]
  }

  func evaluate<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, into result: Destination<Scalar>
  ) {
    accumulate(
      operands[0], AxisView(operands.shape(0), axis: axis), isExclusive: isExclusive,
      isReversed: isReversed, into: result.base)
  }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    [CumulativeSum(axis: axis, isExclusive: isExclusive, isReversed: !isReversed)(cotangent)]
  }

  func batched(_ operands: [Symbol], isBatched: [Bool], slices: Extent) -> Symbol {
    CumulativeSum(axis: axis + 1, isExclusive: isExclusive, isReversed: isReversed)(operands[0])
  }

  func segmented(_ operands: [Batched], slices: Extent) -> Batched? {
    guard let rows = operands[0].segmented, rows.axis != axis else { return nil }
    return rows.with(self(rows.value))
  }
}

@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
private func accumulate<Scalar: RealScalar>(
  _ x: UnsafePointer<Scalar>, _ view: AxisView, isExclusive: Bool, isReversed: Bool,
  into result: UnsafeMutablePointer<Scalar>
) {
  guard view.count > 0 else { return }
  for outer in 0..<view.outer {
    let first = outer * view.count * view.inner
    let start = isReversed ? first + (view.count - 1) * view.inner : first
    let step = isReversed ? -view.inner : view.inner
    for i in 0..<view.inner {
      var sum: Scalar = 0
      var place = start + i
      for _ in 0..<view.count {
        let element = x[place]
        result[place] = isExclusive ? sum : sum + element
        sum += element
        place += step
      }
    }
  }
}

extension Symbol {
  /// Returns the sums of all elements up to each one along an axis.
  ///
  /// - Parameters:
  ///   - axis: the axis to sum along.
  ///   - isExclusive: whether an element leaves itself out.
  ///   - isReversed: whether sums start at the last element.
  public func cumulativeSum(
    along axis: Int, isExclusive: Bool = false, isReversed: Bool = false
  ) -> Symbol {
    CumulativeSum(axis: axis, isExclusive: isExclusive, isReversed: isReversed)(self)
  }
}
