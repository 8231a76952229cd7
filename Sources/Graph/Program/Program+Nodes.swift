/// One value of a program, as drawings and lists show it.
public struct ProgramNode: Sendable, Hashable {
  /// The name, unique within the program.
  public var name: String
  /// What computes the value: a kernel's name, `placeholder`, `variable` or `view`.
  public var operation: String
  /// The names of the values it is computed from.
  public var operands: [String]
  /// The kind of the elements and the shape.
  public var type: TensorType
}

extension Program {
  /// All values of the program, each after those it is computed from.
  public var nodes: [ProgramNode] {
    let computed = Dictionary(uniqueKeysWithValues: instructions.map { ($0.result, $0) })
    func name(_ value: Int) -> String {
      switch values[value].storage {
      case .placeholder(let index): placeholders[index].name
      case .variable(let index) where computed[value] == nil: variables[index].name
      case .variable, .slot, .block, .view: "value\(value)"
      }
    }
    return values.indices.map { value in
      let (operation, operands): (String, [Int]) =
        switch values[value].storage {
        case .placeholder: ("placeholder", [])
        case .variable where computed[value] == nil: ("variable", [])
        case .view(let source): ("view", [source])
        case .variable, .slot, .block:
          (computed[value]!.kernel.name, computed[value]!.operands)
        }
      return ProgramNode(
        name: name(value), operation: operation, operands: operands.map(name),
        type: values[value].type)
    }
  }
}
