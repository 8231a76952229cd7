public import Tensors

/// The values of placeholders and the sizes of named axes for one run of a program.
///
/// A feed is filled in place and used again, so a step allocates nothing. Programs read its buffers
/// directly.
public final class Feed<Scalar: RealScalar> {
  private(set) var axes: [String] = []
  private(set) var sizes: [Int] = []
  private var reals: [String: Buffer<Scalar>] = [:]
  private var indexes: [String: Buffer<Int32>] = [:]

  /// Makes an empty feed.
  public init() {}

  /// The size of a named axis, such as `feed[axis: "rows"]`, for the next run; 0 until it is set.
  /// Changing it keeps all buffers.
  public subscript(axis axis: Extent) -> Int {
    get { axes.firstIndex(of: name(of: axis)).map { sizes[$0] } ?? 0 }
    set {
      let name = name(of: axis)
      if let index = axes.firstIndex(of: name) {
        sizes[index] = newValue
      } else {
        axes.append(name)
        sizes.append(newValue)
      }
    }
  }

  private func name(of axis: Extent) -> String {
    guard let name = axis.name else { trap("Feed: the extent \(axis) is not the name of an axis") }
    return name
  }

  /// The buffer of a real placeholder, made when first asked for.
  public func values(of placeholder: Symbol) -> Buffer<Scalar> {
    let name = name(of: placeholder, .real)
    if let buffer = reals[name] { return buffer }
    let buffer = Buffer<Scalar>()
    reals[name] = buffer
    return buffer
  }

  /// The buffer of an index placeholder, made when first asked for.
  public func indices(of placeholder: Symbol) -> Buffer<Int32> {
    let name = name(of: placeholder, .index)
    if let buffer = indexes[name] { return buffer }
    let buffer = Buffer<Int32>()
    indexes[name] = buffer
    return buffer
  }

  private func name(of placeholder: Symbol, _ elements: ElementKind) -> String {
    guard let name = placeholder.placeholderName else {
      trap("Feed: only placeholders are fed, not a \(placeholder.type) that is computed")
    }
    ensure(
      placeholder.type.elements == elements,
      "Feed: the placeholder '\(name)' is \(placeholder.type), not \(elements)")
    return name
  }

  /// Copies the value of a real placeholder into its buffer, row by row.
  ///
  /// The number of values is compared with the shape when a session runs. `values(of:)` gives the
  /// buffer itself, to be filled without a conversion.
  @inlinable
  public func set(_ placeholder: Symbol, _ values: some Collection<Double>) {
    let buffer = self.values(of: placeholder)
    buffer.resize(to: values.count)
    let isContiguous: Void? = values.withContiguousStorageIfAvailable {
      convert($0, into: buffer.base)
    }
    if isContiguous != nil { return }
    for (index, value) in values.enumerated() { buffer.base[index] = Scalar(value) }
  }

  /// Copies the value of an index placeholder into its buffer, row by row; indices count from 0.
  @inlinable
  public func set(_ placeholder: Symbol, indices values: some Collection<Int>) {
    let buffer = indices(of: placeholder)
    buffer.resize(to: values.count)
    for (index, value) in values.enumerated() { buffer.base[index] = Int32(value) }
  }

  @usableFromInline
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func convert(_ values: UnsafeBufferPointer<Double>, into target: UnsafeMutablePointer<Scalar>) {
    for index in values.indices { target[index] = Scalar(values[index]) }
  }

  func buffer(_ placeholder: Program.Placeholder) -> AnyBuffer? {
    switch placeholder.type.elements {
    case .real: reals[placeholder.name].map(AnyBuffer.real)
    case .index: indexes[placeholder.name].map(AnyBuffer.index)
    }
  }

  /// A buffer of either kind of elements.
  enum AnyBuffer {
    case real(Buffer<Scalar>)
    case index(Buffer<Int32>)

    var base: UnsafeMutableRawPointer {
      switch self {
      case .real(let buffer): UnsafeMutableRawPointer(buffer.base)
      case .index(let buffer): UnsafeMutableRawPointer(buffer.base)
      }
    }

    var count: Int {
      switch self {
      case .real(let buffer): buffer.count
      case .index(let buffer): buffer.count
      }
    }
  }
}

/// Why a feed does not fit a program.
public enum FeedError: Error, Equatable, CustomStringConvertible {
  /// No value was given for a placeholder.
  case missing(placeholder: String)
  /// No size was given for an axis.
  case missingAxis(String)
  /// The number of values does not fill the shape.
  case count(placeholder: String, shape: String, expected: Int, found: Int)
  /// An index addresses no row: it does not lie in `0 ..< bound`, where `bound` is the number that
  /// `extent` stands for. `place` counts the elements of the placeholder, row by row.
  case index(placeholder: String, place: Int, index: Int, bound: Int, extent: String)

  /// The reason as a sentence.
  public var description: String {
    switch self {
    case .missing(let name): "the feed holds no value for the placeholder '\(name)'"
    case .missingAxis(let name): "the feed gives no size for the axis '\(name)'"
    case .count(let name, let shape, let expected, let found):
      "the placeholder '\(name)' of shape \(shape) needs \(expected) values, the feed holds \(found)"
    case .index(let name, let place, let index, let bound, let extent):
      "the placeholder '\(name)' holds the index \(index) at \(place), but it addresses rows in "
        + "0 ..< \(bound)\(extent == String(bound) ? "" : " (\(extent))")"
    }
  }
}
