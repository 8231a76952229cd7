import Tensors

extension AxisView {
  /// The view of a shape along one of its axes.
  init(_ shape: ResolvedShape, axis: Int) {
    self.init(
      outer: shape.count(0..<axis), axis: shape[axis], inner: shape.count(axis + 1..<shape.rank))
  }
}
