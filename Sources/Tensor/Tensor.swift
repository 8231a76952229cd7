/// A row-major array with a shape: the value people hold, print, save and compare.
///
/// Programs do not compute on tensors; they compute on planned memory and copy results out.
public struct Tensor: Sendable, Equatable {
  /// The elements in row-major order, in the type they were made with.
  public enum Values: Sendable, Equatable {
    case float32([Float])
    case float64([Double])
    case int32([Int32])
  }

  /// The extents; empty for a scalar.
  public let shape: [Int]

  /// The elements in row-major order.
  public let values: Values

  /// Makes a tensor; the number of values must be the product of the extents.
  public init(_ values: Values, shape: [Int]) {
    self.shape = shape
    self.values = values
    ensure(
      count == shape.reduce(1, *), "Tensor: \(count) values do not fill the shape \(shape)")
  }

  /// Makes a double-precision tensor.
  public init(_ values: [Double], shape: [Int]) { self.init(.float64(values), shape: shape) }

  /// The number of elements.
  public var count: Int {
    switch values {
    case .float32(let values): values.count
    case .float64(let values): values.count
    case .int32(let values): values.count
    }
  }

  /// The type of the elements.
  public var scalarType: ScalarType {
    switch values {
    case .float32: .float32
    case .float64: .float64
    case .int32: .int32
    }
  }

  /// The elements as doubles, whatever their type.
  public var doubles: [Double] {
    switch values {
    case .float32(let values): values.map(Double.init)
    case .float64(let values): values
    case .int32(let values): values.map(Double.init)
    }
  }
}

extension Tensor {
  /// Makes a tensor of a copy of elements in memory, in their own precision.
  public init<Scalar: RealScalar>(
    copying elements: UnsafeMutableBufferPointer<Scalar>, shape: [Int]
  ) {
    if let floats = Array(elements) as? [Float] {
      self.init(.float32(floats), shape: shape)
    } else {
      self.init(.float64(elements.map(Double.init)), shape: shape)
    }
  }

  /// Copies the elements to memory, converted if its precision is another.
  public func copy<Scalar: RealScalar>(into target: UnsafeMutableBufferPointer<Scalar>) {
    ensure(
      target.count == count, "Tensor: \(count) elements do not fill memory for \(target.count)")
    switch values {
    case .float32(let values): for index in values.indices { target[index] = Scalar(values[index]) }
    case .float64(let values): for index in values.indices { target[index] = Scalar(values[index]) }
    case .int32(let values): for index in values.indices { target[index] = Scalar(values[index]) }
    }
  }
}
