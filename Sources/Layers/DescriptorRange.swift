/// The range and the moments of the values of one descriptor over a data set.
public struct DescriptorRange: Hashable, Sendable, Codable {
  /// The smallest value.
  public let minimum: Double
  /// The largest value.
  public let maximum: Double
  /// The mean value.
  public let mean: Double
  /// The standard deviation of the sample, `sqrt(Σ (G - mean)² / (n - 1))`; older files have none.
  public let sigma: Double?

  /// Makes a record of a descriptor's values.
  public init(minimum: Double, maximum: Double, mean: Double, sigma: Double? = nil) {
    self.minimum = minimum
    self.maximum = maximum
    self.mean = mean
    self.sigma = sigma
  }

  /// Whether the descriptor changes by rounding alone, so that no scaling can make it
  /// informative.
  public var isConstant: Bool {
    maximum - minimum <= 1e-13 * max(abs(minimum), abs(maximum))
  }

  /// The width of the range, 0 where it is nothing but rounding.
  var spread: Double { isConstant ? 0 : maximum - minimum }
}
