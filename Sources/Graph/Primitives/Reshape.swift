import Tensors

/// The same elements in row-major order under another shape.
struct Reshape: Primitive {
  var shape: Shape

  func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try require(
      operands.count == 1 && operands[0].shape.count == shape.count,
      "to \(shape) needs one operand of as many elements")
    return operands[0].with(shape)
  }

  func evaluate<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, into result: Destination<Scalar>
  ) {
    result.copyElements(from: operands.bytes(0))
  }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    [cotangent.reshaped(operands[0].shape)]
  }

  func batched(_ operands: [Symbol], isBatched: [Bool], slices: Extent) -> Symbol {
    Reshape(shape: shape.inserting(slices, at: 0))(operands[0])
  }

  /// Rows stay rows if their axis and the number of elements before it are kept. An axis that they are
  /// merged into has rows that repeat them; rows that were merged come apart again.
  func segmented(_ operands: [Batched], slices: Extent) -> Batched? {
    guard let rows = operands[0].segmented else { return nil }
    let (source, value) = (rows.value.shape, self(rows.value))
    let before = source.count(..<rows.axis)
    for axis in shape.extents.indices where shape[axis] == source[rows.axis] {
      if shape.count(..<axis) == before { return rows.with(value, axis: axis) }
    }
    for axis in shape.extents.indices {
      if let merged = source.axes(in: shape, axis), merged.contains(rows.axis) {
        let index = source.index(along: rows.axis, of: merged)
        return rows.with(value, axis: axis, segments: rows.segments(gatheredBy: index))
      }
    }
    for axis in shape.axes(in: source, rows.axis) ?? 0..<0 {
      let index = shape.index(along: axis, of: shape.axes(in: source, rows.axis)!)
      if let segments = rows.segments(summedBy: index, count: shape[axis], slices: slices) {
        return rows.with(value, axis: axis, segments: segments)
      }
    }
    return nil
  }

  var movesElements: Bool { true }

  func rowOperands(_ operands: [TensorType], result: TensorType) -> [Bool]? {
    operands[0].shape.extents.first == result.shape.extents.first ? [true] : nil
  }

  var isView: Bool { true }
}

extension Shape {
  /// The number of elements of the axes before one.
  fileprivate func count(_ axes: PartialRangeUpTo<Int>) -> Extent { Shape(extents[axes]).count }

  /// The neighbouring axes whose elements are those of one axis of a reshaped tensor.
  fileprivate func axes(in other: Shape, _ axis: Int) -> Range<Int>? {
    let before = other.count(..<axis)
    for first in extents.indices where count(..<first) == before {
      for end in first + 1...rank where Shape(extents[first..<end]).count == other[axis] {
        return first..<end
      }
    }
    return nil
  }

  /// The place along one axis of each element of some axes, in row-major order.
  fileprivate func index(along axis: Int, of axes: Range<Int>) -> Symbol {
    Symbol.indices(below: self[axis])
      .broadcast(to: Shape(extents[axes]), axes: [axis - axes.lowerBound]).flattened()
  }
}

extension Symbol {
  /// Returns the same elements in row-major order under another shape.
  public func reshaped(_ shape: Shape) -> Symbol {
    shape == self.shape ? self : Reshape(shape: shape)(self)
  }

  /// Returns the elements in row-major order as a vector.
  public func flattened() -> Symbol { reshaped([shape.count]) }

  /// Returns the symbol with one more axis of length 1, before `axis`.
  public func inserting(axis: Int) -> Symbol { reshaped(shape.inserting(1, at: axis)) }
}
