public import Tensors

/// One node of a graph as TensorBoard draws it.
public struct EventGraphNode: Sendable, Equatable {
  /// The unique name; slashes make nested boxes, as in `ENERGY/Hydrogen/Dense1/tanh`.
  public var name: String
  /// The operation of the node.
  public var op: String
  /// The names of the nodes it reads; `name:1` is a second result, `^name` an order without data.
  public var inputs: [String]
  /// The device; may be empty.
  public var device: String
  /// The extents of the result; −1 stands for a named extent.
  public var shape: [Int]
  /// The type of the result's elements.
  public var scalarType: ScalarType

  /// Describes a node.
  public init(
    name: String, op: String, inputs: [String] = [], device: String = "", shape: [Int] = [],
    scalarType: ScalarType = .float64
  ) {
    self.name = name
    self.op = op
    self.inputs = inputs
    self.device = device
    self.shape = shape
    self.scalarType = scalarType
  }
}

extension EventGraphNode {
  /// The fields of TensorFlow's `NodeDef`.
  func encode(into message: inout ProtocolBufferWriter) {
    message.string(1, name)
    message.string(2, op)
    for input in inputs { message.string(3, input) }
    if !device.isEmpty { message.string(4, device) }
    attribute("_output_shapes", of: &message) { value in
      value.message(1) { list in list.message(7, encodeShape) }
    }
    attribute("dtype", of: &message) { $0.integer(6, scalarType.tensorFlowNumber) }
  }

  /// The fields of TensorFlow's `TensorShapeProto`.
  private func encodeShape(into message: inout ProtocolBufferWriter) {
    for extent in shape { message.message(2) { $0.integer(1, extent) } }
  }

  private func attribute(
    _ key: String, of message: inout ProtocolBufferWriter,
    _ value: (inout ProtocolBufferWriter) -> Void
  ) {
    message.message(5) { entry in
      entry.string(1, key)
      entry.message(2, value)
    }
  }
}

extension ScalarType {
  /// The number of the type in TensorFlow's `DataType`.
  fileprivate var tensorFlowNumber: Int {
    switch self {
    case .float32: 1
    case .float64: 2
    case .int32: 3
    }
  }
}
