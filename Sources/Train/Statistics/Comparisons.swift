import Atomistic

/// The difference of the means of two independent samples by Welch's t-test, which does not assume equal
/// variances.
///
///     t = (ā - b̄) / √(s_a²/n_a + s_b²/n_b)
///
/// with the degrees of freedom of Welch and Satterthwaite. Welch, Biometrika 34 (1947) 28.
public struct WelchTest: Sendable, Hashable, Codable {
  /// The difference of the means, first less second.
  public var difference: Double
  /// The ends of the 95 % confidence interval of the difference.
  public var low, high: Double
  /// The probability of a difference at least as large where the means are the same.
  public var probability: Double

  /// Compares two samples; nil where one has less than two values, or both do not vary.
  public init?(_ first: [Double], _ second: [Double]) {
    guard first.count > 1, second.count > 1 else { return nil }
    let (a, b) = (Estimate.moments(first), Estimate.moments(second))
    func error(_ deviation: Double?, _ count: Int) -> Double {
      (deviation ?? 0) * (deviation ?? 0) / Double(count)
    }
    let (ea, eb) = (error(a.deviation, first.count), error(b.deviation, second.count))
    guard ea + eb > 0 else { return nil }
    let freedom =
      (ea + eb) * (ea + eb)
      / (ea * ea / Double(first.count - 1) + eb * eb / Double(second.count - 1))
    let distribution = StudentDistribution(degreesOfFreedom: freedom)
    let spread = (ea + eb).squareRoot()
    difference = a.mean - b.mean
    let width = distribution.quantile(confidence: 0.95) * spread
    (low, high) = (difference - width, difference + width)
    probability = distribution.twoSidedTail(difference / spread)
  }
}

/// A share of successes with its interval, by Wilson's score.
///
///     (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n)
///
/// It holds for few trials and for shares of 0 and 1. Wilson, J. Am. Stat. Assoc. 22 (1927) 209.
public struct BinomialShare: Sendable, Hashable, Codable {
  /// The number of successes.
  public var successes: Int
  /// The number of trials.
  public var trials: Int
  /// The ends of the 95 % interval of the share; 0 and 1 without trials.
  public var low, high: Double

  /// Takes the counts.
  public init(_ successes: Int, of trials: Int) {
    (self.successes, self.trials) = (successes, trials)
    guard trials > 0 else {
      (low, high) = (0, 1)
      return
    }
    let (n, z) = (Double(trials), 1.959963984540054)
    let p = Double(successes) / n
    let middle = p + z * z / (2 * n)
    let width = z * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
    low = max(0, (middle - width) / (1 + z * z / n))
    high = min(1, (middle + width) / (1 + z * z / n))
  }
}

/// The rank correlation of two quantities by Spearman, ties with the mean of their ranks.
///
/// Up to eight pairs the probability is the share of all orders of y with a correlation at least as strong;
/// beyond, that of Student's t, `ρ √((n - 2) / (1 - ρ²))` with n - 2 degrees of freedom.
public struct RankCorrelation: Sendable, Hashable, Codable {
  /// The correlation ρ of the ranks, from -1 to 1.
  public var coefficient: Double
  /// The probability of a correlation at least as strong where there is none.
  public var probability: Double
  /// The number of pairs.
  public var count: Int

  /// Correlates pairs of values; nil for less than three, or where one quantity does not vary.
  public init?(_ x: [Double], _ y: [Double]) {
    guard x.count == y.count, x.count > 2 else { return nil }
    let (ranksX, ranksY) = (Self.ranks(x), Self.ranks(y))
    let mean = Double(x.count + 1) / 2
    func product(_ a: [Double], _ b: [Double]) -> Double {
      zip(a, b).reduce(0) { $0 + ($1.0 - mean) * ($1.1 - mean) }
    }
    let (xx, yy) = (product(ranksX, ranksX), product(ranksY, ranksY))
    guard xx > 0, yy > 0 else { return nil }
    coefficient = max(-1, min(1, product(ranksX, ranksY) / (xx * yy).squareRoot()))
    count = x.count
    guard count > Self.mostPermuted else {
      probability = Self.shareOfOrders(ranksX, ranksY, atLeast: abs(product(ranksX, ranksY)))
      return
    }
    let freedom = Double(count - 2)
    let rest = 1 - coefficient * coefficient
    probability =
      rest <= 0
      ? 0
      : StudentDistribution(degreesOfFreedom: freedom).twoSidedTail(
        coefficient * (freedom / rest).squareRoot())
  }

  private static let mostPermuted = 8

  /// The share of the orders of `y` in which `|Σ (x - mean) (y - mean)|` is not less than a limit.
  private static func shareOfOrders(_ x: [Double], _ y: [Double], atLeast limit: Double) -> Double {
    let mean = Double(x.count + 1) / 2
    var y = y
    var (found, all) = (0, 0)
    func visit(_ count: Int) {
      guard count > 1 else {
        let product = zip(x, y).reduce(0) { $0 + ($1.0 - mean) * ($1.1 - mean) }
        all += 1
        if abs(product) >= limit - 1e-9 { found += 1 }
        return
      }
      for place in 0..<count {
        y.swapAt(place, count - 1)
        visit(count - 1)
        y.swapAt(place, count - 1)
      }
    }
    visit(y.count)
    return Double(found) / Double(all)
  }

  /// The rank of each value, from 1; equal values share the mean of their ranks.
  static func ranks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start
      while end + 1 < order.count, values[order[end + 1]] == values[order[start]] { end += 1 }
      for place in start...end { ranks[order[place]] = Double(start + end) / 2 + 1 }
      start = end + 1
    }
    return ranks
  }
}
