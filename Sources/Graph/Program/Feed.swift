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

  /// The size of a named axis for the next run; 0 until it is set. Changing it keeps all buffers.
  public subscript(axis name: String) -> Int {
    get { axes.firstIndex(of: name).map { sizes[$0] } ?? 0 }
    set {
      if let index = axes.firstIndex(of: name) {
        sizes[index] = newValue
      } else {
        axes.append(name)
        sizes.append(newValue)
      }
    }
  }

  /// The buffer of a real placeholder, made when first asked for.
  public func values(_ name: String) -> Buffer<Scalar> {
    if let buffer = reals[name] { return buffer }
    let buffer = Buffer<Scalar>()
    reals[name] = buffer
    return buffer
  }

  /// The buffer of an index placeholder, made when first asked for.
  public func indices(_ name: String) -> Buffer<Int32> {
    if let buffer = indexes[name] { return buffer }
    let buffer = Buffer<Int32>()
    indexes[name] = buffer
    return buffer
  }

  /// Copies the value of a real placeholder into its buffer, row by row.
  ///
  /// The number of values is compared with the shape when a session runs. `values` gives the buffer
  /// itself, to be filled without a copy.
  public func set(_ name: String, _ values: some Collection<Double>) {
    self.values(name).replace(with: values.map { Scalar($0) })
  }

  /// Copies the value of an index placeholder into its buffer, row by row; indices count from 0.
  public func set(_ name: String, indices values: some Collection<Int>) {
    indices(name).replace(with: values.map { Int32($0) })
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

  /// The reason as a sentence.
  public var description: String {
    switch self {
    case .missing(let name): "the feed holds no value for the placeholder '\(name)'"
    case .missingAxis(let name): "the feed gives no size for the axis '\(name)'"
    case .count(let name, let shape, let expected, let found):
      "the placeholder '\(name)' of shape \(shape) needs \(expected) values, the feed holds \(found)"
    }
  }
}
