import Layers

/// A descriptor outside of what the training set covered.
public struct Extrapolation: Hashable, Sendable, Codable, CustomStringConvertible {
  /// The atom, counted from zero.
  public let atom: Int
  /// Its element.
  public let element: Element
  /// The symmetry function, counted from zero in n2p2's order.
  public let function: Int
  /// The descriptor.
  public let value: Double
  /// Its smallest and largest value over the training set.
  public let range: ClosedRange<Double>

  /// How far the value lies outside, in units of the width of the range.
  public var distance: Double {
    let width = range.upperBound - range.lowerBound
    let excess = max(range.lowerBound - value, value - range.upperBound)
    return width > 0 ? excess / width : .infinity
  }

  /// A sentence that names atom, function and distance; functions have numbers from 1 there.
  public var description: String {
    let isBelow = value < range.lowerBound
    let (side, end) = isBelow ? ("below", range.lowerBound) : ("above", range.upperBound)
    let part = (distance * 1000).rounded() / 1000
    return """
      atom \(atom) (\(element), counted from 0): symmetry function number \(function + 1) is \
      \(Float(value)), \(side) \(Float(end)) by \(part) of the width of its range
      """
  }
}

extension BehlerParrinello.Network {
  /// Finds the descriptors that lie outside of the ranges.
  ///
  /// - Parameters:
  ///   - descriptors: The unscaled descriptors, [rows, functions].
  ///   - atoms: The number of the atom of each row.
  ///   - tolerance: The part of a range's width, and of the size of its ends, by which a value may
  ///     pass an end: round-off is no extrapolation.
  /// - Returns: The values outside, row by row; none where the model has no ranges.
  public func extrapolations(
    in descriptors: some RandomAccessCollection<Double>, atoms: some RandomAccessCollection<Int>,
    tolerance: Double = 1e-6
  ) -> [Extrapolation] {
    guard !ranges.isEmpty else { return [] }
    var found: [Extrapolation] = []
    for (place, value) in descriptors.enumerated() {
      let (row, function) = place.quotientAndRemainder(dividingBy: ranges.count)
      let range = ranges[function]
      guard !range.contains(value, tolerance: tolerance) else { continue }
      found.append(
        Extrapolation(
          atom: atoms[atoms.index(atoms.startIndex, offsetBy: row)], element: element,
          function: function, value: value, range: range.minimum...range.maximum))
    }
    return found
  }
}

extension DescriptorRange {
  /// Whether a value lies inside, or passes an end by no more than round-off.
  ///
  /// Ranges of a training in single precision are wrong by a part of the values, not of the width,
  /// so both count.
  func contains(_ value: Double, tolerance: Double) -> Bool {
    let slack = tolerance * (maximum - minimum + max(abs(minimum), abs(maximum)))
    return value >= minimum - slack && value <= maximum + slack
  }
}
