public import Graph
import Tensors

/// Constant values for each element, such as a charge or a one-hot code: `[atoms]` to
/// `[atoms, columns]`.
///
///     y_i = t_{Z_i}
///
/// The values of an element that is not in the table are infinite.
public struct ElementTable: Hashable, Sendable {
  /// The values by atomic number, all rows of one length.
  public let rows: [Int: [Double]]

  /// Makes a table of given rows by atomic number.
  public init(_ rows: [Int: [Double]]) {
    ensure(
      !rows.isEmpty && Set(rows.values.map(\.count)).count == 1
        && rows.keys.allSatisfy(ElementTable.atomicNumbers.contains),
      "ElementTable: needs a row of one length for each atomic number from 1 to 118, not \(rows)")
    self.rows = rows
  }

  /// The table that has a one in the column of an element's place in the list and zeros elsewhere.
  public static func oneHot(_ elements: [Int]) -> ElementTable {
    ElementTable(
      Dictionary(
        uniqueKeysWithValues: elements.enumerated().map { place, element in
          (element, elements.indices.map { $0 == place ? 1 : 0 })
        }))
  }

  /// Returns the values of each atom, given its atomic number, an index of shape `[atoms]`.
  public func callAsFunction(_ atomicNumbers: Symbol) -> Symbol {
    let columns = rows.first!.value.count
    let values = (0...Self.atomicNumbers.upperBound).flatMap {
      rows[$0] ?? Array(repeating: .infinity, count: columns)
    }
    let shape = [Self.atomicNumbers.upperBound + 1, columns]
    return Symbol.constant(Tensor(values, shape: shape)).gathered(by: atomicNumbers)
  }

  /// The atomic numbers that tables have rows for.
  static let atomicNumbers = 1...118
}
