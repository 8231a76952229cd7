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
    segmentMaximum(
      operands[0], AxisView(operands.shape(0), axis: axis), at: operands.indices(1),
      count: result.shape[axis], into: result.base)
  }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    let (rows, index) = (operands[0], operands[1])
    let isLargest = rows.isEqual(to: result.gathered(by: index, axis: axis))
    let holders = isLargest.segmentSum(by: index, count: count, axis: axis)
    let share = cotangent.gathered(by: index, axis: axis) / holders.gathered(by: index, axis: axis)
    return [isLargest.select(share, .fill(0, rows.shape)), nil]
  }

  func batched(_ operands: [Symbol], isBatched: [Bool], slices: Extent) -> Symbol {
    precondition(!isBatched[1], "segmentMaximum: indices must be the same for every slice")
    return SegmentMaximum(axis: axis + 1, count: count)(operands[0], operands[1])
  }

  func segmented(_ operands: [Batched], slices: Extent) -> Batched? {
    guard let rows = operands[0].segmented, let index = operands[1].shared, rows.axis != axis
    else { return nil }
    return rows.with(self(rows.value, index))
  }
}

@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
private func segmentMaximum<Scalar: RealScalar>(
  _ x: UnsafePointer<Scalar>, _ view: AxisView, at index: UnsafePointer<Int32>, count: Int,
  into result: UnsafeMutablePointer<Scalar>
) {
  let total = view.outer * count * view.inner
  result.update(repeating: -.infinity, count: total)
  for outer in 0..<view.outer {
    for k in 0..<view.count {
      let row = x + (outer * view.count + k) * view.inner
      let target = result + (outer * count + Int(index[k])) * view.inner
      for i in 0..<view.inner where row[i] > target[i] || row[i] != row[i] { target[i] = row[i] }
    }
  }
  withUnsafeTemporaryAllocation(of: Bool.self, capacity: count) { isUsed in
    isUsed.initialize(repeating: false)
    for k in 0..<view.count { isUsed[Int(index[k])] = true }
    for outer in 0..<view.outer {
      for segment in 0..<count where !isUsed[segment] {
        (result + (outer * count + segment) * view.inner).update(repeating: 0, count: view.inner)
      }
    }
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
