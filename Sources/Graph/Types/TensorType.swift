/// The kind of the elements of a symbol.
///
/// The precision of real values is no part of a graph: it is chosen when a program is compiled.
public enum ElementKind: String, Hashable, Sendable {
  /// Floating-point values, `Float` or `Double` as the program decides.
  case real
  /// 32-bit integers that address rows.
  case index

  /// The size of an element in bytes, where real values are of the type `Scalar`.
  func stride<Scalar>(_: Scalar.Type) -> Int {
    switch self {
    case .real: MemoryLayout<Scalar>.stride
    case .index: MemoryLayout<Int32>.stride
    }
  }
}

/// The kind of the elements and the shape of a symbol's value.
public struct TensorType: Hashable, Sendable, CustomStringConvertible {
  /// The kind of the elements.
  public var elements: ElementKind
  /// The extents.
  public var shape: Shape

  /// The type of a value with these elements and extents.
  public init(_ elements: ElementKind, _ shape: Shape) {
    self.elements = elements
    self.shape = shape
  }

  /// A real type.
  public static func real(_ shape: Shape) -> TensorType { TensorType(.real, shape) }

  /// An index type.
  public static func index(_ shape: Shape) -> TensorType { TensorType(.index, shape) }

  /// The same elements in another shape.
  public func with(_ shape: Shape) -> TensorType { TensorType(elements, shape) }

  /// The kind of the elements and the shape, such as `real[rows, 3]`.
  public var description: String { "\(elements)\(shape)" }
}

/// Why operands do not fit a primitive.
public struct ShapeError: Error, Hashable, CustomStringConvertible {
  /// The sentence, without the primitive's name and operands, which the caller adds.
  public var description: String

  /// Makes an error of a sentence such as "needs two operands of one shape".
  public init(_ description: String) { self.description = description }
}

/// Throws unless there is one operand, which is real and has the axis.
func requireReal(_ operands: [TensorType], withAxis axis: Int) throws(ShapeError) {
  try require(
    operands.count == 1 && operands[0].elements == .real
      && operands[0].shape.extents.indices.contains(axis),
    "needs one real operand with an axis \(axis)")
}

/// Throws the sentence as a shape error unless the condition holds.
public func require(
  _ condition: Bool, _ sentence: @autoclosure () -> String
) throws(ShapeError) {
  if !condition { throw ShapeError(sentence()) }
}
