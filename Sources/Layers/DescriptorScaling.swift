import Tensors

/// A linear map of raw descriptors to a range that suits a network.
///
/// With the values `G_min`, `G_max`, `G_mean`, `G_sigma` that a descriptor takes over the training
/// set, and the bounds `S_min ... S_max`. n2p2's keywords are named with each case.
public enum DescriptorScaling: Hashable, Sendable, Codable {
  /// `S = G`; no keyword.
  case none
  /// `S = S_min + (S_max - S_min) (G - G_min) / (G_max - G_min)`; `scale_symmetry_functions`.
  case range(ClosedRange<Double>)
  /// `S = G - G_mean`; `center_symmetry_functions`.
  case center
  /// `S = S_min + (S_max - S_min) (G - G_mean) / (G_max - G_min)`; both keywords together.
  case centeredRange(ClosedRange<Double>)
  /// `S = S_min + (S_max - S_min) (G - G_mean) / G_sigma`; `scale_symmetry_functions_sigma`.
  case sigma(ClosedRange<Double>)

  /// The scaling of models trained here: every descriptor covers -1 to 1 over the training set.
  public static let standard = DescriptorScaling.range(-1...1)

  /// A scaling of one descriptor, `S = factor · G + offset`.
  public struct Map: Hashable, Sendable, Codable {
    /// The factor of the descriptor; 0 where the descriptor is constant.
    public let factor: Double
    /// The summand after the product.
    public let offset: Double

    /// Makes a scaling.
    public init(factor: Double, offset: Double) {
      self.factor = factor
      self.offset = offset
    }

    /// Returns the scaled descriptor.
    public func callAsFunction(_ descriptor: Double) -> Double { factor * descriptor + offset }
  }

  /// Returns the scaling of a descriptor with the given values over the training set.
  ///
  /// Where the formula divides by a spread of zero, the factor is 0 and `S = S_min` (n2p2 makes
  /// this a division by zero): a descriptor that was constant in training carries no information
  /// and must not blow up in use. `constantColumns(in:)` finds such descriptors for a report.
  public func map(for range: DescriptorRange) -> Map {
    switch self {
    case .none:
      return Map(factor: 1, offset: 0)
    case .center:
      return Map(factor: 1, offset: -range.mean)
    case .range(let bounds):
      return DescriptorScaling.map(
        to: bounds, origin: range.minimum, spread: range.spread)
    case .centeredRange(let bounds):
      return DescriptorScaling.map(
        to: bounds, origin: range.mean, spread: range.spread)
    case .sigma(let bounds):
      guard let sigma = range.sigma else {
        trap("DescriptorScaling: the scaling by sigma needs standard deviations")
      }
      return DescriptorScaling.map(to: bounds, origin: range.mean, spread: sigma)
    }
  }

  /// Returns the columns whose descriptors never change, which this scaling sets to a constant.
  public func constantColumns(in ranges: [DescriptorRange]) -> [Int] {
    ranges.indices.filter { map(for: ranges[$0]).factor == 0 }
  }

  private static func map(
    to bounds: ClosedRange<Double>, origin: Double, spread: Double
  ) -> Map {
    guard spread > 0 else { return Map(factor: 0, offset: bounds.lowerBound) }
    let factor = (bounds.upperBound - bounds.lowerBound) / spread
    return Map(factor: factor, offset: bounds.lowerBound - factor * origin)
  }
}
