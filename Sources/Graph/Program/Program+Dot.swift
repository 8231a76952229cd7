extension Program {
  /// The program as a drawing in the language of Graphviz: boxes compute, ellipses are fed, and
  /// cylinders are variables. The text is the same for the same program.
  public var dot: String {
    var drawing = DotDrawing()
    for (number, value) in values.enumerated() {
      switch value.storage {
      case .placeholder(let index):
        drawing.node(number, "\(placeholders[index].name)\n\(value.type)", shape: "ellipse")
      case .variable(let index) where !instructions.contains { $0.result == number }:
        drawing.node(number, "\(variables[index].name)\n\(value.type)", shape: "cylinder")
      case .view(let source):
        drawing.node(number, "\(value.type.shape)", shape: "plain")
        drawing.edge(source, number)
      case .variable, .slot, .block: break
      }
    }
    for instruction in instructions {
      let type = values[instruction.result].type
      drawing.node(instruction.result, "\(instruction.kernel.name)\n\(type)", shape: "box")
      for operand in instruction.operands { drawing.edge(operand, instruction.result) }
    }
    return drawing.text
  }
}

extension Symbol {
  /// The graph behind some symbols as a drawing in the language of Graphviz, before any rewriting.
  public static func dot(of symbols: [Symbol]) -> String {
    var drawing = DotDrawing()
    var numbers: [Symbol: Int] = [:]
    for (number, symbol) in topologicalOrder(of: symbols).enumerated() {
      numbers[symbol] = number
      switch symbol.node.kind {
      case .placeholder(let name):
        drawing.node(number, "\(name)\n\(symbol.type)", shape: "ellipse")
      case .variable(let variable):
        drawing.node(number, "\(variable.name)\n\(symbol.type)", shape: "cylinder")
      case .operation(let primitive):
        drawing.node(number, "\(primitive.name)\n\(symbol.type)", shape: "box")
      }
      for operand in symbol.operands { drawing.edge(numbers[operand]!, number) }
    }
    return drawing.text
  }
}

/// The lines of a drawing.
private struct DotDrawing {
  private var nodes: [String] = []
  private var edges: [String] = []

  mutating func node(_ number: Int, _ label: String, shape: String) {
    let lines = label.split(separator: "\n", omittingEmptySubsequences: false)
    let escaped = lines.map { line in
      line.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined()
    }
    nodes.append("  n\(number) [label=\"\(escaped.joined(separator: "\\n"))\", shape=\(shape)];")
  }

  mutating func edge(_ source: Int, _ target: Int) { edges.append("  n\(source) -> n\(target);") }

  var text: String { (["digraph {"] + nodes + edges + ["}"]).joined(separator: "\n") }
}
