extension Program: CustomStringConvertible {
  /// The program as text, one line for each value that is computed:
  /// `%5: real[rows, 25] = fused(%3, %4)`. Those computed together, block by block of rows, are
  /// indented under a line that names the axis. Names given by `Symbol.named` stand in quotes.
  public var description: String {
    var lines: [String] = []
    let names = names
    func line(_ instruction: Instruction) -> String {
      let operands = instruction.operands.map { names[$0] }.joined(separator: ", ")
      let (type, label) = (values[instruction.result].type, values[instruction.result].label)
      let name = names[instruction.result] + (label.map { " \"\($0)\"" } ?? "")
      return "\(name): \(type) = \(instruction.kernel.text)(\(operands))"
    }
    lines += instructions.filter(\.isConstant).map(line)
    for task in phases.flatMap(\.tasks) {
      let members = instructions[task.instructions]
      if task.rowOperands != nil, members.count > 1 {
        let axis = values[members[task.instructions.lowerBound].result].type.shape[0]
        lines.append("for blocks of \(axis):")
        lines += members.map { "  " + line($0) }
      } else {
        lines += members.map(line)
      }
    }
    for update in updates {
      lines.append("\(variables[update.variable].name) ← \(names[update.value])")
    }
    lines.append("return " + outputs.map { names[$0] }.joined(separator: ", "))
    return lines.joined(separator: "\n")
  }

  /// What each value is called: placeholders and variables by name, the others by number.
  var names: [String] {
    var names: [String] = []
    for (number, value) in values.enumerated() {
      switch value.storage {
      case .placeholder(let index): names.append(placeholders[index].name)
      case .variable(let index) where !instructions.contains { $0.result == number }:
        names.append(variables[index].name)
      case .view(let source): names.append(names[source] + value.type.shape.description)
      case .variable, .slot, .block: names.append("%\(number)")
      }
    }
    return names
  }
}
