import Foundation

/// The distances of numbers from their median in units of their spread.
///
///     z_i = (x_i - m) / s        m = median of x
///     s = max(1.4826 (1 + 6/n) · median of |x - m|, floor)
///
/// The factor 1.4826 makes s the standard deviation of a normal distribution; 1 + 6/n allows for few
/// numbers that happen to be near each other. Wrong numbers in the minority move neither m nor s far,
/// whatever their size.
struct RobustScores {
  /// The fewest numbers that can be told apart from wrong ones.
  static let fewestNumbers = 8
  /// The empty distance before numbers that lie apart, in spreads: tails thin out in smaller steps.
  static let gap = 4.0

  /// The median m.
  let median: Double
  /// The spread s.
  let spread: Double
  /// The score z of each number.
  let scores: [Double]

  /// Scores numbers that differ by `smallestSpread` at least; nil for too few of them.
  init?(_ numbers: [Double], smallestSpread: Double) {
    guard numbers.count >= Self.fewestNumbers else { return nil }
    let middle = Self.median(of: numbers)
    let factor = 1.4826 * (1 + 6 / Double(numbers.count))
    let spread = max(factor * Self.median(of: numbers.map { abs($0 - middle) }), smallestSpread)
    (median, self.spread) = (middle, spread)
    scores = numbers.map { ($0 - middle) / spread }
  }

  /// The score of any number.
  func score(_ number: Double) -> Double { (number - median) / spread }

  /// The places of the numbers beyond a score, on either side, that an empty distance parts from all
  /// others; in ascending order.
  func apart(beyond bar: Double) -> [Int] {
    let order = scores.indices.sorted { scores[$0] < scores[$1] }
    let high = Self.tail(order, scores, 1, bar)
    return (high + Self.tail(order.reversed(), scores, -1, bar)).sorted()
  }

  /// The end of an order of scores that begins behind a gap.
  private static func tail(
    _ order: [Int], _ scores: [Double], _ sign: Double, _ bar: Double
  ) -> [Int] {
    for place in order.indices.dropFirst() {
      let (last, next) = (sign * scores[order[place - 1]], sign * scores[order[place]])
      if next > bar, next - last >= gap { return Array(order[place...]) }
    }
    return []
  }

  /// The number in the middle, or the mean of the two there.
  static func median(of numbers: [Double]) -> Double {
    let sorted = numbers.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}
