import Tensors

/// The largest of the rows that carry the same index, element by element; 0 for an index that no row
/// carries, NaN if any is NaN.
///
/// Rows that share the maximum share its derivative equally.
struct SegmentMaximum: Primitive {
  var axis = 0
  var count: Extent

  func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try SegmentSum(axis: axis, count: count).resultType(operands)
  }

  func evaluate<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, into result: Destination<Scalar>
  ) {
    let view = AxisView(operands.shape(0), axis: axis)
    let (index, count) = (operands.indices(1), result.shape[axis])
    segmentMaximum(operands[0], view, segments: index, count: count, into: result.base)
    withUnsafeTemporaryAllocation(of: Bool.self, capacity: count) { isUsed in
      isUsed.initialize(repeating: false)
      for row in 0..<view.axis { isUsed[Int(index[row])] = true }
      for outer in 0..<view.outer {
        for segment in 0..<count where !isUsed[segment] {
          (result.base + (outer * count + segment) * view.inner)
            .update(repeating: 0, count: view.inner)
        }
      }
    }
  }

  func operandBounds(_ operands: [TensorType]) -> [Extent?] { [nil, count] }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    let (rows, index) = (operands[0], operands[1])
    let isLargest = rows.isEqual(to: result.gathered(by: index, axis: axis))
    let holders = isLargest.segmentSum(by: index, count: count, axis: axis)
    let share = cotangent.gathered(by: index, axis: axis) / holders.gathered(by: index, axis: axis)
    return [isLargest.select(share, .fill(0, rows.shape)), nil]
  }

  func batched(_ operands: [Symbol], isBatched: [Bool], slices: Extent) -> Symbol {
    ensure(!isBatched[1], "segmentMaximum: indices must be the same for every slice")
    return SegmentMaximum(axis: axis + 1, count: count)(operands[0], operands[1])
  }

  func segmented(_ operands: [Batched], slices: Extent) -> Batched? {
    guard let rows = operands[0].segmented, let index = operands[1].shared, rows.axis != axis
    else { return nil }
    return rows.with(self(rows.value, index))
  }
}

extension Symbol {
  /// Returns the largest of the rows along `axis` that carry the same index below `count`; 0 for an
  /// index without rows. Equal rows share the derivative.
  public func segmentMaximum(by index: Symbol, count: Extent, axis: Int = 0) -> Symbol {
    SegmentMaximum(axis: axis, count: count)(self, index)
  }

  /// Returns the smallest of the rows along `axis` that carry the same index below `count`; 0 for an
  /// index without rows. Equal rows share the derivative.
  public func segmentMinimum(by index: Symbol, count: Extent, axis: Int = 0) -> Symbol {
    -(-self).segmentMaximum(by: index, count: count, axis: axis)
  }
}
