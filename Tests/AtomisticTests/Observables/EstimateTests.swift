import Atomistic
import Tensors
import Testing

@Suite("Means and their errors")
struct EstimateTests {
  /// A chain x' = φ x + noise of variance one; its mean has the variance `1/(n (1-φ)²)`.
  static func chain(_ memory: Double, count: Int, seed: Int) -> [Double] {
    var random = RandomStream(seed: UInt64(seed))
    var value = random.normal() / (1 - memory * memory).squareRoot()
    return (0..<count).map { _ in
      value = memory * value + random.normal()
      return value
    }
  }

  @Test("the error of a correlated chain is the analytic one", arguments: [0, 0.5, 0.9, 0.97])
  func chain(memory: Double) throws {
    let (count, seeds) = (6000, 40)
    let exact = 1 / (Double(count).squareRoot() * (1 - memory))
    let errors = try (0..<seeds).map { seed in
      let series = Self.chain(memory, count: count, seed: seed)
      return try #require(Estimate(correlated: series).error)
    }
    let mean = errors.reduce(0, +) / Double(seeds)
    #expect(abs(mean / exact - 1) < 0.15, "\(mean) instead of \(exact)")
    // Without blocks the error of the slowest chain would be eight times too small.
    let simple = try #require(
      Estimate(independent: Self.chain(memory, count: count, seed: 1)).error)
    #expect(memory < 0.9 || simple < 0.4 * exact)
  }

  @Test("few values say what they can")
  func few() throws {
    #expect(Estimate(correlated: [3]) == Estimate(mean: 3, error: nil))
    #expect(Estimate(correlated: [2, 2, 2]) == Estimate(mean: 2, error: 0))
    #expect(abs(try #require(Estimate(independent: [1, 2, 3, 4]).error) - 0.6454972244) < 1e-9)
  }
}
