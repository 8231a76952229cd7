extension Symbol {
  /// Whether both are the same operations on the same placeholders and variables.
  ///
  /// Meant for short expressions such as indices; `Program` merges equal expressions of any size.
  public func isSameExpression(as other: Symbol) -> Bool {
    if self == other { return true }
    guard type == other.type, operands.count == other.operands.count else { return false }
    guard let primitive, let theirs = other.primitive else { return false }
    return primitive.isEqual(to: theirs)
      && zip(operands, other.operands).allSatisfy { $0.isSameExpression(as: $1) }
  }
}
