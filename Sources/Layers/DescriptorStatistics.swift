import Tensors

/// Minimum, maximum, mean and standard deviation of each descriptor, gathered row by row.
///
/// Means and squared deviations are updated by Welford's recurrence and merged by Chan's formula,
/// so no precision is lost where the spread is small beside the mean.
public struct DescriptorStatistics: Hashable, Sendable {
  /// The number of rows seen.
  public private(set) var count = 0
  private var minima: [Double]
  private var maxima: [Double]
  private var means: [Double]
  private var squaredDeviations: [Double]

  /// Makes empty statistics for rows of `width` descriptors.
  public init(width: Int) {
    ensure(width > 0, "DescriptorStatistics: a row needs descriptors, not \(width)")
    minima = Array(repeating: .infinity, count: width)
    maxima = Array(repeating: -.infinity, count: width)
    means = Array(repeating: 0, count: width)
    squaredDeviations = Array(repeating: 0, count: width)
  }

  /// The number of descriptors in a row.
  public var width: Int { means.count }

  /// Adds rows that stand one after the other, `[rows, width]`.
  public mutating func add(_ rows: some RandomAccessCollection<Double>) {
    ensure(
      rows.count % width == 0,
      "DescriptorStatistics: \(rows.count) numbers are not whole rows of \(width)")
    var column = 0
    for value in rows {
      if column == 0 { count += 1 }
      let deviation = value - means[column]
      minima[column] = min(minima[column], value)
      maxima[column] = max(maxima[column], value)
      means[column] += deviation / Double(count)
      squaredDeviations[column] += deviation * (value - means[column])
      column = column + 1 == width ? 0 : column + 1
    }
  }

  /// Adds all rows that `other` has seen.
  public mutating func merge(_ other: DescriptorStatistics) {
    ensure(
      width == other.width,
      "DescriptorStatistics: rows of \(other.width) cannot be merged into rows of \(width)")
    guard other.count > 0 else { return }
    let total = Double(count + other.count)
    for column in 0..<width {
      let difference = other.means[column] - means[column]
      minima[column] = min(minima[column], other.minima[column])
      maxima[column] = max(maxima[column], other.maxima[column])
      means[column] += difference * Double(other.count) / total
      squaredDeviations[column] +=
        other.squaredDeviations[column]
        + difference * difference * Double(count) * Double(other.count) / total
    }
    count += other.count
  }

  /// The record of each descriptor; at least one row must have been seen.
  public var ranges: [DescriptorRange] {
    ensure(count > 0, "DescriptorStatistics: no row has been seen")
    return (0..<width).map { column in
      DescriptorRange(
        minimum: minima[column], maximum: maxima[column], mean: means[column],
        sigma: count > 1 ? (squaredDeviations[column] / Double(count - 1)).squareRoot() : 0)
    }
  }
}
