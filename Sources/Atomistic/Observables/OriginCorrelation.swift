import Tensors

/// Averages of something between a frame and a later one, over many frames to start from.
///
/// Only frames to start from are kept, a hundred at most at a time, so that the memory does not grow
/// with the length of the trajectory. Every lag is averaged over the same starts.
struct OriginCorrelation {
  private struct Origin {
    var frame: Int
    var values: [SIMD3<Double>]
  }

  /// The number of lags, zero included.
  let lags: Int
  /// The number of parts of the trajectory, each averaged on its own.
  let parts: Int

  private let starts: Int
  private let spacing: Int
  private let channels: Int
  private let channelOfAtom: [Int]
  private var origins: [Origin] = []
  private var frame = 0
  /// The sums by part, channel and lag, and how many frames to start from they are over.
  private var sums: [Double]
  private var counts: [Int]

  private static let mostOrigins = 100

  /// Prepares for a number of frames; each atom adds to the mean of its channel.
  init(frames: Int, lags: Int, channelOfAtom: [Int], channels: Int) {
    ensure(
      (1...frames).contains(lags), "OriginCorrelation: \(frames) frames have no \(lags) lags")
    (self.lags, self.channels, self.channelOfAtom) = (lags, channels, channelOfAtom)
    starts = frames - lags + 1
    spacing = max(1, (lags + Self.mostOrigins - 1) / Self.mostOrigins)
    parts = min(5, (starts + spacing - 1) / spacing)
    sums = Array(repeating: 0, count: parts * channels * lags)
    counts = Array(repeating: 0, count: parts * lags)
  }

  /// Adds a frame; the average is over `product`.
  @inline(__always)
  mutating func add(
    _ values: [SIMD3<Double>], product: (SIMD3<Double>, SIMD3<Double>) -> Double
  ) {
    if frame < starts, frame % spacing == 0 { origins.append(Origin(frame: frame, values: values)) }
    origins.removeAll { frame - $0.frame >= lags }
    var totals = [Double](repeating: 0, count: channels)
    for origin in origins {
      for channel in totals.indices { totals[channel] = 0 }
      for atom in values.indices {
        totals[channelOfAtom[atom]] += product(origin.values[atom], values[atom])
      }
      let (part, lag) = (origin.frame * parts / starts, frame - origin.frame)
      for (channel, total) in totals.enumerated() {
        sums[(part * channels + channel) * lags + lag] += total
      }
      counts[part * lags + lag] += 1
    }
    frame += 1
  }

  /// The mean over atoms and starts of a channel, over all parts or one.
  func mean(channel: Int, part: Int? = nil) -> [Double] {
    let atoms = Double(channelOfAtom.count { $0 == channel })
    let chosen = part.map { $0..<$0 + 1 } ?? 0..<parts
    return (0..<lags).map { lag in
      let count = chosen.reduce(0) { $0 + counts[$1 * lags + lag] }
      let sum = chosen.reduce(0) { $0 + sums[($1 * channels + channel) * lags + lag] }
      return count == 0 ? .nan : sum / (Double(count) * atoms)
    }
  }
}
