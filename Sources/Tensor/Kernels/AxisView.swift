/// A row-major array seen as [outer, axis, inner]: the one axis that a kernel works along, all
/// axes before it as one, and all behind it as one.
///
/// The kernels along an axis take this view of their source. Their result has the same outer and
/// inner extents, and in place of the axis what the kernel says. They run on the calling thread;
/// blocks of the outer extent are independent, so callers share those between threads. None of
/// them checks indices in optimised builds.
public struct AxisView: Sendable, Equatable {
  /// The extents before, of and behind the axis.
  public let outer: Int, axis: Int, inner: Int

  /// Makes a view from its extents.
  public init(outer: Int, axis: Int, inner: Int) {
    ensure(
      outer >= 0 && axis >= 0 && inner >= 0,
      "AxisView: the extents [\(outer), \(axis), \(inner)] may not be negative")
    (self.outer, self.axis, self.inner) = (outer, axis, inner)
  }

  /// Makes the view of a shape along one of its axes.
  public init(shape: [Int], axis: Int) {
    ensure(shape.indices.contains(axis), "AxisView: \(shape) has no axis \(axis)")
    self.init(
      outer: shape[..<axis].reduce(1, *), axis: shape[axis],
      inner: shape[(axis + 1)...].reduce(1, *))
  }

  /// The number of elements.
  public var count: Int { outer * axis * inner }
}
