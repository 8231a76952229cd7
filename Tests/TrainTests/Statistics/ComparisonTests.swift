import Testing

@testable import Train

/// The reference numbers are SciPy's (1.17): ttest_ind with unequal variances, binomtest with Wilson's
/// interval, spearmanr, and the t distribution; for few pairs, all permutations of ranks by NumPy.
@Suite("Statistics agree with SciPy")
struct ComparisonTests {
  @Test(
    "tails of Student's distribution",
    arguments: [
      (1, 0.5, 0.7048327646991335), (2.7, 1.9, 0.16376507583050362),
      (30, 2.04, 0.050239574739086856), (200, 8, 9.879200909330596e-14),
    ])
  func tails(freedom: Double, t: Double, tail: Double) {
    let found = StudentDistribution(degreesOfFreedom: freedom).twoSidedTail(t)
    #expect(abs(found - tail) < 1e-10 * tail)
  }

  @Test(
    "quantiles of Student's distribution",
    arguments: [(1, 12.706204736174694), (3.4, 2.9807735025586206), (50, 2.008559112100761)])
  func quantiles(freedom: Double, quantile: Double) {
    let found = StudentDistribution(degreesOfFreedom: freedom).quantile(confidence: 0.95)
    #expect(abs(found - quantile) < 1e-9)
  }

  @Test("Welch's test")
  func welch() throws {
    let test = try #require(
      WelchTest([0.012, 0.019, 0.008, 0.025, 0.011], [0.041, 0.030, 0.058, 0.022]))
    #expect(abs(test.difference + 0.02275) < 1e-14)
    #expect(abs(test.probability - 0.05415744873853491) < 1e-12)
    #expect(abs(test.low + 0.046158522848271946) < 1e-12)
    #expect(abs(test.high - 0.0006585228482719474) < 1e-12)
  }

  @Test("Welch's test says nothing of single values, or of values that do not vary")
  func tooFew() {
    #expect(WelchTest([1], [1, 2]) == nil && WelchTest([1, 1], [2, 2]) == nil)
  }

  @Test(
    "Wilson's interval",
    arguments: [
      (0, 10, 0.0, 0.27753279986288926), (3, 10, 0.10779126740630102, 0.6032218525388546),
      (10, 10, 0.7224672001371109, 1.0), (17, 40, 0.28509392559950375, 0.5780493145800892),
    ])
  func wilson(successes: Int, trials: Int, low: Double, high: Double) {
    let share = BinomialShare(successes, of: trials)
    #expect(abs(share.low - low) < 1e-12 && abs(share.high - high) < 1e-12)
  }

  @Test("Spearman's correlation, with ties")
  func spearman() throws {
    let tied = try #require(
      RankCorrelation([1, 2, 2, 3, 5, 8, 8, 13], [2.1, 1.9, 3, 3, 4, 9, 7, 8]))
    #expect(abs(tied.coefficient - 0.9030468880657605) < 1e-12)
    #expect(abs(tied.probability - 0.00496031746031746) < 1e-12)
    let weak = try #require(RankCorrelation([3, 1, 2, 5, 4], [1, 2, 5, 4, 3]))
    #expect(abs(weak.coefficient - 0.2) < 1e-12)
    #expect(abs(weak.probability - 0.7833333333333333) < 1e-12)
    let many = try #require(
      RankCorrelation(
        [1, 2, 2, 3, 5, 8, 8, 13, 4, 6], [2.1, 1.9, 3, 3, 4, 9, 7, 8, 1, 0]))
    #expect(abs(many.coefficient - 0.5718681174866245) < 1e-12)
    #expect(abs(many.probability - 0.08412025214979084) < 1e-11)
  }

  @Test("a rank correlation does not change with the scale of its quantities")
  func monotone() throws {
    let (x, y) = ([3.0, 1, 4, 1.5, 9, 2.6], [0.2, 0.7, 0.1, 0.9, 0.3, 0.5])
    let cubes = x.map { $0 * $0 * $0 }
    #expect(RankCorrelation(x, y) == RankCorrelation(cubes, y))
    #expect(RankCorrelation(x, x.map { -$0 })?.coefficient == -1)
    #expect(RankCorrelation(x, x.map { _ in 1 }) == nil)
  }
}
