extension Symbol {
  /// Whether both are the same operations on the same placeholders and variables.
  ///
  /// Meant for short expressions such as indices; `Program` merges equal expressions of any size.
  func isSameExpression(as other: Symbol) -> Bool {
    if self == other { return true }
    guard type == other.type, operands.count == other.operands.count else { return false }
    switch (node.kind, other.node.kind) {
    case (.placeholder(let a), .placeholder(let b)): return a == b
    case (.variable(let a), .variable(let b)): return a == b
    case (.operation(let a), .operation(let b)):
      return AnyHashable(a) == AnyHashable(b)
        && zip(operands, other.operands).allSatisfy { $0.isSameExpression(as: $1) }
    default: return false
    }
  }
}
