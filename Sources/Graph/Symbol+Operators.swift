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

  /// The sum element by element; a scalar operand is repeated.
  public static func + (left: Symbol, right: Symbol) -> Symbol {
    let (left, right) = matched(left, right)
    return Add()(left, right)
  }

  /// The difference element by element; a scalar operand is repeated.
  public static func - (left: Symbol, right: Symbol) -> Symbol {
    let (left, right) = matched(left, right)
    return Subtract()(left, right)
  }

  /// The product element by element; a scalar operand is repeated.
  public static func * (left: Symbol, right: Symbol) -> Symbol {
    let (left, right) = matched(left, right)
    return Multiply()(left, right)
  }

  /// The quotient element by element; a scalar operand is repeated.
  public static func / (left: Symbol, right: Symbol) -> Symbol {
    let (left, right) = matched(left, right)
    return Divide()(left, right)
  }

  /// The negative of each element.
  public static prefix func - (operand: Symbol) -> Symbol { Negate()(operand) }

  /// The sum of each element and a number.
  public static func + (left: Symbol, right: Double) -> Symbol { left + .fill(right, left.shape) }

  /// The sum of a number and each element.
  public static func + (left: Double, right: Symbol) -> Symbol { .fill(left, right.shape) + right }

  /// The difference of each element and a number.
  public static func - (left: Symbol, right: Double) -> Symbol { left - .fill(right, left.shape) }

  /// The difference of a number and each element.
  public static func - (left: Double, right: Symbol) -> Symbol { .fill(left, right.shape) - right }

  /// The product of each element and a number.
  public static func * (left: Symbol, right: Double) -> Symbol { left * .fill(right, left.shape) }

  /// The product of a number and each element.
  public static func * (left: Double, right: Symbol) -> Symbol { .fill(left, right.shape) * right }

  /// The quotient of each element and a number.
  public static func / (left: Symbol, right: Double) -> Symbol { left / .fill(right, left.shape) }

  /// The quotient of a number and each element.
  public static func / (left: Double, right: Symbol) -> Symbol { .fill(left, right.shape) / right }
}
