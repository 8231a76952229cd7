import Layers
import Testing

@Suite("Scaling of descriptors")
struct DescriptorScalingTests {
  static let range = DescriptorRange(minimum: 1, maximum: 5, mean: 2, sigma: 0.5)

  @Test(
    "formulas of n2p2",
    arguments: [
      (DescriptorScaling.none, 3.0), (.range(0...1), 0.5), (.range(-1...1), 0), (.center, 1),
      (.centeredRange(0...1), 0.25), (.centeredRange(-1...1), -0.5), (.sigma(0...1), 2),
      (.sigma(-1...2), 5),
    ])
  func formula(scaling: DescriptorScaling, expected: Double) {
    #expect(scaling.map(for: Self.range)(3) == expected)
  }

  @Test(
    "a constant descriptor becomes the lower bound",
    arguments: [
      DescriptorScaling.range(-1...1), .centeredRange(-1...1), .sigma(-1...1),
    ])
  func constant(scaling: DescriptorScaling) {
    let range = DescriptorRange(minimum: 2, maximum: 2, mean: 2, sigma: 0)
    #expect(range.isConstant)
    #expect(scaling.map(for: range) == DescriptorScaling.Map(factor: 0, offset: -1))
    #expect(scaling.map(for: range)(1e9) == -1)
    #expect(scaling.constantColumns(in: [Self.range, range]) == [1])
    #expect(DescriptorScaling.center.constantColumns(in: [range]).isEmpty)
  }

  @Test("statistics keep their precision where the spread is small beside the mean")
  func precision() {
    var statistics = DescriptorStatistics(width: 2)
    statistics.add([1e8 + 4, 1, 1e8 + 7, 1, 1e8 + 13, 1, 1e8 + 16, 1])
    let ranges = statistics.ranges
    #expect(statistics.count == 4)
    #expect(
      ranges[0]
        == DescriptorRange(
          minimum: 1e8 + 4, maximum: 1e8 + 16, mean: 1e8 + 10, sigma: 30.0.squareRoot()))
    #expect(ranges[1] == DescriptorRange(minimum: 1, maximum: 1, mean: 1, sigma: 0))
  }

  @Test("merged statistics are those of all rows", arguments: [0, 1, 5, 12])
  func merging(split: Int) {
    let rows = (0..<12).map { Double(($0 * 7919) % 31) / 3 }
    var whole = DescriptorStatistics(width: 1)
    whole.add(rows)
    var (first, second) = (DescriptorStatistics(width: 1), DescriptorStatistics(width: 1))
    first.add(rows.prefix(split))
    second.add(rows.dropFirst(split))
    first.merge(second)
    let (merged, expected) = (first.ranges[0], whole.ranges[0])
    #expect(first.count == 12)
    #expect(merged.minimum == expected.minimum && merged.maximum == expected.maximum)
    #expect(abs(merged.mean - expected.mean) < 1e-14)
    #expect(abs(merged.sigma! - expected.sigma!) < 1e-14)
  }
}
