/// A value outside of its range over the training structures.
public struct Extrapolation: Hashable, Sendable, Codable, CustomStringConvertible {
  /// The atom, counted from zero.
  public let atom: Int
  /// Its element.
  public let element: Element
  /// The noun for the column, such as `symmetry function`.
  public let quantity: String
  /// The column, counted from zero; symmetry functions are in n2p2's order. Nil where the quantity is one
  /// number.
  public let column: Int?
  /// The value.
  public let value: Double
  /// Its smallest and largest value over the training structures.
  public let range: ClosedRange<Double>

  /// The noun with the number of the column, counted from one.
  var name: String { Self.name(quantity, column) }

  /// A noun with the number of a column, counted from one.
  static func name(_ quantity: String, _ column: Int?) -> String {
    column.map { "\(quantity) number \($0 + 1)" } ?? quantity
  }

  /// The distance of the value from the range, in units of the width of the range.
  public var distance: Double {
    let width = range.upperBound - range.lowerBound
    let excess = max(range.lowerBound - value, value - range.upperBound)
    return width > 0 ? excess / width : .infinity
  }

  /// A sentence that names atom, column and distance; columns have numbers from 1 there.
  public var description: String {
    let isBelow = value < range.lowerBound
    let (side, end) = isBelow ? ("below", range.lowerBound) : ("above", range.upperBound)
    let part = (distance * 1000).rounded() / 1000
    return """
      atom \(atom) (\(element), counted from 0): \(name) is \
      \(Float(value)), \(side) \(Float(end)) by \(part) of the width of its range
      """
  }
}
