import Foundation
public import Layers

/// What `scaling.data` says: the values of each symmetry function over the training set.
///
///     <element> <function> <min> <max> <mean> [<sigma>]
///     [<lowest energy of an atom> <highest energy of an atom>]
///
/// Both indices count from 1; elements are sorted by atomic number, functions as n2p2 numbers them.
/// RuNNer writes no sigma and adds the last line.
public struct N2P2Scaling: Hashable, Sendable {
  /// The values of the functions of each element.
  public var ranges: [[DescriptorRange]]
  /// The lowest and highest energy per atom of the training set, where the file gives them.
  public var energyRange: ClosedRange<Double>?

  /// Makes the contents of a scaling file.
  public init(ranges: [[DescriptorRange]], energyRange: ClosedRange<Double>? = nil) {
    self.ranges = ranges
    self.energyRange = energyRange
  }

  /// Reads the text of a `scaling.data`.
  ///
  /// - Parameters:
  ///   - text: The contents of the file.
  ///   - counts: The number of symmetry functions of each element.
  ///   - file: The name of the file, for errors.
  /// - Throws: A `FormatError` for a line out of order, a missing line, or numbers that cannot be.
  public init(
    parsing text: String, counts: [Int], file: String = "scaling.data"
  ) throws(FormatError) {
    var lines = N2P2Line.lines(of: text, file: file)[...]
    var ranges: [[DescriptorRange]] = []
    for (element, count) in counts.enumerated() {
      var own: [DescriptorRange] = []
      for function in 1...max(1, count) where count > 0 {
        guard let line = lines.popFirst() else {
          throw FormatError(
            file: file, line: nil, expected: "function \(function) of element \(element + 1)",
            found: "the end of the file",
            advice: "the file must have one line for each symmetry function of input.nn")
        }
        own.append(try N2P2Scaling.range(line, element: element + 1, function: function))
      }
      ranges.append(own)
    }
    var energyRange: ClosedRange<Double>?
    if let line = lines.popFirst() {
      guard line.words.count == 2, lines.isEmpty else {
        throw line.error(
          expected: "\(counts.reduce(0, +)) symmetry functions, as in input.nn", found: "more")
      }
      let (lowest, highest) = (
        try line.real(0, "the lowest energy"), try line.real(1, "the highest energy")
      )
      guard lowest <= highest else { throw line.error(expected: "the lower energy first") }
      energyRange = lowest...highest
    }
    self.init(ranges: ranges, energyRange: energyRange)
  }

  private static func range(
    _ line: N2P2Line, element: Int, function: Int
  ) throws(FormatError) -> DescriptorRange {
    guard (5...6).contains(line.words.count) else {
      throw line.error(
        expected: "element, function, minimum, maximum, mean and maybe sigma (function \(function) "
          + "of element \(element))")
    }
    guard Int(line.words[0]) == element, Int(line.words[1]) == function else {
      throw line.error(
        expected: "element \(element), function \(function)",
        found: "element \(line.words[0]), function \(line.words[1])",
        advice: "the file must follow input.nn, elements sorted by atomic number")
    }
    let sigma: Double? = line.words.count > 5 ? try line.real(5, "sigma") : nil
    let range = DescriptorRange(
      minimum: try line.real(2, "the minimum"), maximum: try line.real(3, "the maximum"),
      mean: try line.real(4, "the mean"), sigma: sigma)
    guard range.minimum <= range.maximum, (range.sigma ?? 0) >= 0 else {
      throw line.error(expected: "a minimum not above the maximum and no negative sigma")
    }
    return range
  }

  /// The text of the file; 17 digits, so that reading it gives the same numbers.
  public var text: String {
    var text = "# Symmetry function scaling data.\n"
    text += "# e_index sf_index sf_min sf_max sf_mean sf_sigma\n"
    for (element, own) in ranges.enumerated() {
      for (function, range) in own.enumerated() {
        let numbers = [range.minimum, range.maximum, range.mean] + (range.sigma.map { [$0] } ?? [])
        text += String(format: "%10d %10d", element + 1, function + 1)
        text += numbers.map { String(format: " %24.16E", $0) }.joined() + "\n"
      }
    }
    if let energies = energyRange {
      text += String(format: "%24.16E %24.16E\n", energies.lowerBound, energies.upperBound)
    }
    return text
  }
}
