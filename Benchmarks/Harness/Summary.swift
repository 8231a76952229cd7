import Tensors

/// How long one call took, over many samples: the median and the quartiles, in seconds.
public struct Summary: Codable, Hashable, Sendable {
  /// Half of the samples were shorter.
  public var median: Double
  /// A quarter of the samples were shorter.
  public var lowerQuartile: Double
  /// Three quarters of the samples were shorter.
  public var upperQuartile: Double
  /// The shortest sample.
  public var minimum: Double
  /// The number of samples.
  public var samples: Int
  /// The number of calls in a sample; a sample is the mean over them.
  public var callsPerSample: Int

  /// Summarises samples, at least one, each the mean time of a call in seconds.
  ///
  /// Between two samples the quantile is interpolated: of 1, 2, 3, 4 the median is 2.5 and the lower
  /// quartile 1.75.
  public init(_ samples: [Double], callsPerSample: Int = 1) {
    ensure(!samples.isEmpty, "Summary: there is no median without a sample")
    let sorted = samples.sorted()
    func quantile(_ fraction: Double) -> Double {
      let place = fraction * Double(sorted.count - 1)
      let below = Int(place)
      let above = min(below + 1, sorted.count - 1)
      return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
    }
    median = quantile(0.5)
    lowerQuartile = quantile(0.25)
    upperQuartile = quantile(0.75)
    minimum = sorted[0]
    self.samples = samples.count
    self.callsPerSample = callsPerSample
  }
}
