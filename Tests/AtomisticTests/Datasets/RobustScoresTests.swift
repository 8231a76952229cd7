import Tensors
import Testing

@testable import Atomistic

@Suite("Numbers that lie apart")
struct RobustScoresTests {
  /// Normally distributed numbers around three.
  private static func numbers(_ count: Int, seed: UInt64) -> [Double] {
    var random = RandomStream(seed: seed)
    return (0..<count).map { _ in 3 + 0.5 * random.normal() }
  }

  @Test("median and spread are those of the distribution, with and without wrong numbers")
  func spread() throws {
    var numbers = Self.numbers(2001, seed: 1)
    for round in 0..<2 {
      let scores = try #require(RobustScores(numbers, smallestSpread: 0))
      #expect(abs(scores.median - 3) < 0.05 && abs(scores.spread - 0.5) < 0.05)
      #expect(scores.apart(beyond: 6) == (round == 0 ? [] : Array(100..<120)))
      for number in 100..<120 { numbers[number] *= number % 2 == 0 ? 1000 : -10 }
    }
  }

  @Test("no sound set has a number apart", arguments: [8, 12, 40, 300, 2000])
  func sound(count: Int) throws {
    for seed in UInt64(1)...50 {
      let scores = try #require(
        RobustScores(Self.numbers(count, seed: seed), smallestSpread: 0.1))
      #expect(scores.apart(beyond: 6).isEmpty)
    }
  }

  @Test("a tail that thins out is no gap, and both sides are looked at")
  func tails() throws {
    let core = (0..<20).map { 0.1 * Double($0) }
    let tail = try #require(RobustScores(core + [4, 6, 8, 10, 12], smallestSpread: 1))
    #expect(tail.apart(beyond: 6).isEmpty)
    let gap = try #require(RobustScores([-9] + core + [4, 12, 13], smallestSpread: 1))
    #expect(gap.apart(beyond: 6) == [0, 22, 23])
  }

  @Test("few or equal numbers tell nothing apart that is near")
  func few() throws {
    #expect(RobustScores(Array(repeating: 1, count: 7), smallestSpread: 1) == nil)
    let equal = try #require(
      RobustScores(Array(repeating: 1, count: 9) + [1.005], smallestSpread: 1e-3))
    #expect(equal.spread == 1e-3 && equal.apart(beyond: 6).isEmpty)
    #expect(RobustScores.median(of: [4, 1, 3, 2]) == 2.5)
  }

  @Test("least absolute deviations ignore the size of a wrong energy")
  func fit() throws {
    let truth = [-13.6, -432.1]
    var rows = (0..<30).map { number in
      let share = 0.3 + 0.1 * Double(number % 4)
      return AbsoluteDeviationFit.Row(
        energy: share * truth[0] + (1 - share) * truth[1] + 0.001 * Double(number % 3 - 1),
        fractions: [(0, share), (1, 1 - share)])
    }
    for factor in [1.0, 2, 1000, 1e6] {
      let energy = rows[4].energy
      rows[4].energy *= factor
      let fit = try AbsoluteDeviationFit(rows, elements: 2)
      #expect(fit.rank == 2)
      for number in rows.indices where number != 4 {
        #expect(abs(fit.residuals[number]) < 0.005, "\(factor)")
      }
      if factor != 1 { #expect(abs(fit.residuals[4] - (factor - 1) * energy) < 0.005 * factor) }
      rows[4].energy = energy
    }
  }
}
