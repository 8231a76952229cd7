/// The extents of a tensor, outermost first; empty for a scalar.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral {
  /// The extents, outermost first.
  public var extents: [Extent]

  /// Makes a shape of the extents.
  public init(_ extents: some Sequence<Extent>) { self.extents = Array(extents) }

  /// Makes a shape of the extents listed.
  public init(arrayLiteral elements: Extent...) { extents = elements }

  /// The shape with numbers for extents.
  public static func fixed(_ extents: [Int]) -> Shape { Shape(extents.map(Extent.fixed)) }

  /// The shape of a scalar.
  public static let scalar: Shape = []

  /// The number of axes.
  public var rank: Int { extents.count }

  /// The number of elements.
  public var count: Extent { extents.reduce(1, *) }

  /// The extent of one axis.
  public subscript(axis: Int) -> Extent {
    get { extents[axis] }
    set { extents[axis] = newValue }
  }

  /// The shape with one axis of another length.
  public func replacing(_ axis: Int, with extent: Extent) -> Shape {
    var shape = self
    shape[axis] = extent
    return shape
  }

  /// The shape with one more axis, before `axis`.
  public func inserting(_ extent: Extent, at axis: Int) -> Shape {
    var shape = self
    shape.extents.insert(extent, at: axis)
    return shape
  }

  /// The shape without the given axes.
  public func removing(_ axes: Set<Int>) -> Shape {
    Shape(extents.indices.filter { !axes.contains($0) }.map { extents[$0] })
  }
}

extension Shape: CustomStringConvertible {
  /// The extents in brackets.
  public var description: String { "[\(extents.map(\.description).joined(separator: ", "))]" }
}
