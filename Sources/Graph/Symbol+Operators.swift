extension Symbol {
  /// A constant of this value everywhere.
  public static func fill(_ value: Double, _ shape: Shape) -> Symbol {
    Fill(value: value, shape: shape)()
  }

  /// Both symbols in one shape: scalars are broadcast to the other's shape, nothing else is.
  static func matched(_ left: Symbol, _ right: Symbol) -> (Symbol, Symbol) {
    if left.rank == 0 && right.rank > 0 {
      return (left.broadcast(to: right.shape, axes: []), right)
    }
    if right.rank == 0 && left.rank > 0 { return (left, right.broadcast(to: left.shape, axes: [])) }
    return (left, right)
  }

  public static func + (left: Symbol, right: Symbol) -> Symbol {
    let (left, right) = matched(left, right)
    return Add()(left, right)
  }

  public static func - (left: Symbol, right: Symbol) -> Symbol {
    let (left, right) = matched(left, right)
    return Subtract()(left, right)
  }

  public static func * (left: Symbol, right: Symbol) -> Symbol {
    let (left, right) = matched(left, right)
    return Multiply()(left, right)
  }

  public static func / (left: Symbol, right: Symbol) -> Symbol {
    let (left, right) = matched(left, right)
    return Divide()(left, right)
  }

  public static prefix func - (operand: Symbol) -> Symbol { Negate()(operand) }

  public static func + (left: Symbol, right: Double) -> Symbol { left + .fill(right, left.shape) }

  public static func + (left: Double, right: Symbol) -> Symbol { .fill(left, right.shape) + right }

  public static func - (left: Symbol, right: Double) -> Symbol { left - .fill(right, left.shape) }

  public static func - (left: Double, right: Symbol) -> Symbol { .fill(left, right.shape) - right }

  public static func * (left: Symbol, right: Double) -> Symbol { left * .fill(right, left.shape) }

  public static func * (left: Double, right: Symbol) -> Symbol { .fill(left, right.shape) * right }

  public static func / (left: Symbol, right: Double) -> Symbol { left / .fill(right, left.shape) }

  public static func / (left: Double, right: Symbol) -> Symbol { .fill(left, right.shape) / right }
}
