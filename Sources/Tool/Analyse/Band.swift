import Atomistic

/// Curves of several runs as one: at each point their mean and standard deviation.
struct Band: Encodable {
  var mean: [Double]
  /// The standard deviation over runs, nil for a single run.
  var deviation: [Double]?

  /// Takes the curves together, as far as the shortest reaches.
  init(_ curves: [[Double]]) {
    let count = curves.map(\.count).min() ?? 0
    let points = (0..<count).map { point in Estimate.moments(curves.map { $0[point] }) }
    mean = points.map(\.mean)
    deviation = curves.count > 1 ? points.map { $0.deviation ?? 0 } : nil
  }
}

extension Estimate {
  /// One run's estimate as it is; of several runs, the mean and the standard error over them.
  init(runs: [Estimate]) {
    self = runs.count == 1 ? runs[0] : Estimate(independent: runs.map(\.mean))
  }

  /// The mean and, if known, the error behind it.
  func text(_ digits: Int) -> String {
    func number(_ value: Double) -> String { decimal(value, digits) }
    return number(mean) + (error.map { " ± \(number($0))" } ?? "")
  }
}
