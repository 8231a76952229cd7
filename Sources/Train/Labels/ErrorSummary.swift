/// The errors of one kind of label over a set: what `evaluate` reports.
public struct ErrorSummary: Sendable, Codable, Equatable {
  /// The root of the mean squared error.
  public var rmse: Double
  /// The mean absolute error.
  public var mae: Double
  /// The largest absolute error.
  public var max: Double
  /// The number of labels.
  public var count: Int

  /// Summarises errors.
  public init(_ errors: some Sequence<Double>) {
    var (squares, sum, largest, count) = (0.0, 0.0, 0.0, 0)
    for error in errors {
      squares += error * error
      sum += abs(error)
      // A maximum that NaN does not get lost in.
      if !(abs(error) <= largest || largest.isNaN) { largest = abs(error) }
      count += 1
    }
    rmse = count > 0 ? (squares / Double(count)).squareRoot() : 0
    mae = count > 0 ? sum / Double(count) : 0
    max = largest
    self.count = count
  }
}
