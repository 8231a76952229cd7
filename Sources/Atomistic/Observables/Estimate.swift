import Tensors

/// A mean and its standard error.
public struct Estimate: Hashable, Sendable {
  /// The mean.
  public var mean: Double
  /// The standard error of the mean; nil for a single value.
  public var error: Double?

  /// Takes both as they are.
  public init(mean: Double, error: Double?) { (self.mean, self.error) = (mean, error) }

  /// The mean of independent values, `s / √n` its error.
  public init(independent values: [Double]) {
    let (mean, deviation) = Self.moments(values)
    self.init(mean: mean, error: deviation.map { $0 / Double(values.count).squareRoot() })
  }

  /// The mean of values that follow each other in time, its error by averages over blocks.
  ///
  /// Neighbours are averaged until the correlation of neighbouring blocks is less than one standard
  /// error, `1/√n`, above that of independent ones, `-1/n`; the error is then `s / √n` of the n
  /// blocks. Where that is not so for four blocks or more, it is the largest error found, and too
  /// small rather than too large. A single error scatters by a fifth or so.
  ///
  /// Flyvbjerg and Petersen, J. Chem. Phys. 91 (1989) 461.
  public init(correlated series: [Double]) {
    let mean = Self.moments(series).mean
    let levels = BlockLevel.all(of: series)
    let chosen = levels.first(where: \.isUncorrelated)?.error ?? levels.map(\.error).max()
    self.init(mean: mean, error: chosen)
  }

  /// Mean and standard deviation `√(Σ (x - mean)² / (n - 1))`, the latter nil for one value.
  public static func moments(_ values: [Double]) -> (mean: Double, deviation: Double?) {
    ensure(!values.isEmpty, "Estimate: there are no values")
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    guard count > 1 else { return (mean, nil) }
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, (squares / (count - 1)).squareRoot())
  }
}

extension Estimate: Codable {}

extension Estimate {
  private enum CodingKeys: CodingKey { case mean, error }

  /// Encodes both; an error that is not known is null.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(mean, forKey: .mean)
    try container.encode(error, forKey: .error)
  }
}

/// A series after some rounds of averaging neighbours.
private struct BlockLevel {
  /// The number of blocks.
  var count: Int
  /// The mean square deviation of blocks, and the mean product of neighbours' deviations.
  var variance, covariance: Double

  /// The standard error of the mean if blocks are independent.
  var error: Double { (variance / Double(count - 1)).squareRoot() }

  /// Whether neighbouring blocks are no more alike than chance makes them.
  var isUncorrelated: Bool {
    let n = Double(count)
    return covariance + variance / n <= variance / n.squareRoot()
  }

  static func all(of series: [Double]) -> [BlockLevel] {
    var (blocks, result) = (series, [BlockLevel]())
    while blocks.count >= (result.isEmpty ? 2 : 4) {
      let n = Double(blocks.count)
      let mean = blocks.reduce(0, +) / n
      var (variance, covariance, last) = (0.0, 0.0, 0.0)
      for block in blocks {
        variance += (block - mean) * (block - mean)
        covariance += last * (block - mean)
        last = block - mean
      }
      result.append(
        BlockLevel(count: blocks.count, variance: variance / n, covariance: covariance / n))
      blocks = stride(from: blocks.count % 2, to: blocks.count, by: 2).map {
        (blocks[$0] + blocks[$0 + 1]) / 2
      }
    }
    return result
  }
}
