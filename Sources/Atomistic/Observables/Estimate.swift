/// A mean and its standard error.
public struct Estimate: Hashable, Sendable {
  /// The mean.
  public var mean: Double
  /// The standard error of the mean; nil where a single value does not tell it.
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
  /// Neighbours are averaged until the test of Jonsson finds no correlation left between blocks;
  /// the error is then `s / √n` of the n blocks. Without enough values for that, it is the
  /// largest error found with four blocks or more, and too small rather than too large.
  ///
  /// Flyvbjerg and Petersen, J. Chem. Phys. 91 (1989) 461; Jonsson, Phys. Rev. E 98 (2018) 043304.
  public init(correlated series: [Double]) {
    let mean = Self.moments(series).mean
    let levels = BlockLevel.all(of: series)
    guard !levels.isEmpty else {
      self.init(mean: mean, error: nil)
      return
    }
    // The sum over a level and all coarser ones is χ²-distributed if there is no correlation left.
    var statistic = 0.0
    var statistics: [Double] = []
    for level in levels.reversed() {
      statistic += level.statistic
      statistics.append(statistic)
    }
    statistics.reverse()
    let chosen = levels.indices.first { index in
      statistics[index] < BlockLevel.quantile(degrees: levels.count - index)
    }
    let large = levels.filter { $0.count >= 4 }
    let fallback = (large.isEmpty ? levels : large).map(\.error).max()
    self.init(mean: mean, error: chosen.map { levels[$0].error } ?? fallback)
  }

  /// Mean and standard deviation `√(Σ (x - mean)² / (n - 1))`, the latter nil for one value.
  public static func moments(_ values: [Double]) -> (mean: Double, deviation: Double?) {
    precondition(!values.isEmpty, "Estimate: there are no values")
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

  /// What the level adds to a χ² that is small if blocks are independent.
  var statistic: Double {
    guard variance > 0 else { return 0 }
    let n = Double(count)
    let excess = ((n - 1) / (n * n) * variance + covariance) / variance
    return n * excess * excess
  }

  static func all(of series: [Double]) -> [BlockLevel] {
    var (blocks, result) = (series, [BlockLevel]())
    while blocks.count >= 2 {
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

  /// The value that χ² of some degrees of freedom exceeds once in a hundred times.
  static func quantile(degrees: Int) -> Double {
    // The approximation of Wilson and Hilferty beyond the table's first rows is good to 0.5 %.
    switch degrees {
    case 1: return 6.635
    case 2: return 9.210
    default:
      let width = 2 / (9 * Double(degrees))
      let root = 1 - width + 2.3263 * width.squareRoot()
      return Double(degrees) * root * root * root
    }
  }
}
