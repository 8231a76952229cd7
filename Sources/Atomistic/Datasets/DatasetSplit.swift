import Tensors

/// Random division of a dataset into parts.
public enum DatasetSplit {
  /// Divides `0 ..< count` at random into parts of given fractions, each in ascending order.
  ///
  /// The parts have no index in common. Their sizes are the rounded cumulative fractions, so that
  /// fractions that add up to one use every index; the rest of lesser sums is left out. The
  /// same generator in the same state gives the same parts (Fisher-Yates, Knuth's algorithm P).
  public static func parts(
    of count: Int, fractions: [Double], using generator: inout some RandomNumberGenerator
  ) -> [[Int]] {
    ensure(count >= 0, "DatasetSplit: a count cannot be \(count)")
    ensure(
      fractions.allSatisfy { $0 >= 0 } && fractions.reduce(0, +) <= 1 + 1e-9,
      "DatasetSplit: fractions \(fractions) have to be at least 0 and add up to at most 1")
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) {
      // The high half of a product is uniform to 2^-64 times the bound, and unlike the standard
      // library's methods the same in every version of it.
      let bound = UInt64(last + 1)
      order.swapAt(last, Int(generator.next().multipliedFullWidth(by: bound).high))
    }
    var (result, start, sum): ([[Int]], Int, Double) = ([], 0, 0)
    for fraction in fractions {
      sum += fraction
      let end = min(count, max(start, Int((Double(count) * sum).rounded())))
      result.append(order[start..<end].sorted())
      start = end
    }
    return result
  }

  /// Divides `0 ..< count` into a training part of a given fraction and a validation part.
  public static func trainingAndValidation(
    of count: Int, training: Double = 0.8, using generator: inout some RandomNumberGenerator
  ) -> (training: [Int], validation: [Int]) {
    let parts = parts(of: count, fractions: [training, 1 - training], using: &generator)
    return (parts[0], parts[1])
  }
}
