public import Atomistic

/// The weights of a model: their distribution, and how far they are from the first ones.
public struct WeightDistribution: Sendable, Hashable, Codable {
  /// The edges of the bins, one more than counts.
  public var edges: [Double]
  /// The number of weights in each bin; those beyond the edges are counted in the first and last bin.
  public var counts: [Int]
  /// The length |w| of the vector of weights.
  public var norm: Double
  /// The distance |w - w(0)| from the weights that the model's seed gives; nil without a seed.
  public var distance: Double?

  /// Counts the weights of a model in even bins.
  public init(of model: TrainedModel, range: ClosedRange<Double> = -3...3, bins: Int = 60) {
    let width = (range.upperBound - range.lowerBound) / Double(bins)
    edges = (0...bins).map { range.lowerBound + Double($0) * width }
    counts = Array(repeating: 0, count: bins)
    let weights = model.parameters
    for weight in weights {
      let place = ((weight - range.lowerBound) / width).rounded(.down)
      counts[Int(min(max(place, 0), Double(bins - 1)))] += 1
    }
    norm = weights.reduce(0) { $0 + $1 * $1 }.squareRoot()
    distance = model.initialParameters.map { first in
      zip(weights, first).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    }
  }
}
