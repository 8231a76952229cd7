public import Graph
import Tensors

/// Values of which a model knows the range over its training structures, row by row.
///
/// A model that meets values outside extrapolates, and its energies mean little. A Behler-Parrinello
/// network states the ranges of its symmetry functions, a message-passing one the shortest distances.
public struct TrainingRange: Sendable {
  /// The noun for one column, such as `symmetry function`.
  public var quantity: String
  /// The values, [rows, columns]; those that the energy needs anyway cost nothing.
  public var values: Symbol
  /// The atom that each row belongs to, an index of shape [rows].
  public var atoms: Symbol
  /// The smallest and largest value of each column over the training structures.
  public var ranges: [ClosedRange<Double>]

  /// States the ranges of some columns.
  public init(
    quantity: String, values: Symbol, atoms: Symbol, ranges: [ClosedRange<Double>]
  ) {
    ensure(
      values.rank == 2 && values.shape[1] == .fixed(ranges.count),
      "TrainingRange: values [rows, \(ranges.count)] are needed, not \(values.type)")
    self.quantity = quantity
    self.values = values
    self.atoms = atoms
    self.ranges = ranges
  }
}

extension ClosedRange<Double> {
  /// Whether a value lies inside, or passes an end by no more than round-off.
  ///
  /// Ranges of a training in single precision are wrong by a part of the values, not of the width,
  /// so both count.
  func contains(_ value: Double, tolerance: Double) -> Bool {
    let slack = tolerance * (upperBound - lowerBound + Swift.max(abs(lowerBound), abs(upperBound)))
    return value >= lowerBound - slack && value <= upperBound + slack
  }
}
