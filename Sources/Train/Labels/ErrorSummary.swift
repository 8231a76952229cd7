public import Atomistic

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

extension Property {
  /// The errors of predicted labels where structures have references of the property, nil where none
  /// has.
  public func errors(of predicted: [Labels], in structures: [Structure]) -> ErrorSummary? {
    var errors: [Double] = []
    for (labels, structure) in zip(predicted, structures) {
      var prediction = structure
      prediction.labels = labels
      guard let references = reference(structure), let values = reference(prediction) else {
        continue
      }
      let scale = isReportedPerAtom ? 1 / Double(structure.count) : 1
      errors += zip(values, references).map { ($0 - $1) * scale }
    }
    return errors.isEmpty ? nil : ErrorSummary(errors)
  }
}
