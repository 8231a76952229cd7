public import Graph
import Tensors

extension Program {
  /// The program as nodes that TensorBoard draws; dots in names become boxes within boxes.
  public var eventGraph: [EventGraphNode] {
    nodes.map { node in
      EventGraphNode(
        name: tensorBoardName(node.name), op: node.operation,
        inputs: node.operands.map(tensorBoardName),
        shape: node.type.shape.extents.map { $0.constant ?? -1 },
        scalarType: node.type.elements == .real ? .float32 : .int32)
    }
  }
}

private func tensorBoardName(_ name: String) -> String {
  name.replacing(".", with: "/").replacing(" ", with: "_")
}
