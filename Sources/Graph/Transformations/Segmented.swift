/// A batch of which slice `s` holds row `r` of `value` if `segments[r] == s` and zeros elsewhere.
///
/// Energies are sums over the rows of their atoms. The one-hot cotangents of all energies together
/// then cost as much memory as a single cotangent, and a product that contracts the rows falls into
/// the Jacobian's rows.
public struct Segmented: Sendable {
  /// The rows of all slices together, in the shape that the unrepeated graph has.
  public var value: Symbol

  /// The axis of `value` that runs over rows.
  public var axis: Int

  /// The slice of each row, an index of shape [rows].
  public var segments: Symbol

  /// Makes a batch of rows that each belong to the slice that `segments` gives for them.
  public init(value: Symbol, axis: Int, segments: Symbol) {
    self.value = value
    self.axis = axis
    self.segments = segments
  }

  /// The same segmentation of another value.
  public func with(_ value: Symbol, axis: Int? = nil, segments: Symbol? = nil) -> Batched {
    .segmented(
      Segmented(value: value, axis: axis ?? self.axis, segments: segments ?? self.segments))
  }

  /// Whether the rows of both belong to the same slices, as far as expressions and facts show.
  public func hasSameSegments(as other: Segmented) -> Bool {
    segments.isSameExpression(as: other.segments)
      || IndexPath(segments) == IndexPath(other.segments)
  }

  /// The slices of the rows that an index gathers.
  public func segments(gatheredBy index: Symbol) -> Symbol {
    IndexPath(segments).appending(IndexPath(index)).symbol(count: index.shape[0])
  }

  /// The slices of `count` targets if the rows of each target, those whose `index` names it, all belong
  /// to one slice; `nil` where expressions and facts do not show it.
  ///
  /// So rows that were gathered to the pairs come back to the atoms they were gathered from.
  public func segments(summedBy index: Symbol, count: Extent, slices: Extent) -> Symbol? {
    guard let path = IndexPath(segments).dividing(by: IndexPath(index)) else { return nil }
    // Target `i` is of slice `i`: as many slices as targets.
    if path.steps.isEmpty, count != slices { return nil }
    let segments = path.symbol(count: count)
    return segments.shape == [count] ? segments : nil
  }

  /// The dense form, of shape [slices] + the shape of `value`.
  package func dense(slices: Extent) -> Symbol {
    let shape = value.shape.inserting(slices, at: 0)
    let mask = OneHot(count: slices)(segments).broadcast(to: shape, axes: [0, axis + 1])
    // A choice and no product, so that an infinite row stays within its slice.
    return mask.select(value.broadcast(to: shape, axes: Array(1..<shape.rank)), .fill(0, shape))
  }
}
