/// What a run was started with and has written, which its checkpoint keeps to be compared when the run
/// goes on.
public struct RunRecord: Sendable, Equatable {
  /// The configuration, as a text.
  public var configuration: String?
  /// The digest of the labelled structures.
  public var data: DataDigest?
  /// The number of rows of the table of metrics.
  var rows: Int?
  /// The structures with labels far beyond what the optimizer expected.
  var wildLabels = WildLabelTable()
  /// The weights before the first step, from which distances are measured: a training may have taken them
  /// from another model.
  var firstWeights: [Double]?

  /// Makes a record of what is known.
  public init(configuration: String? = nil, data: DataDigest? = nil) {
    (self.configuration, self.data) = (configuration, data)
  }

  /// The difference of data from those of the record; nil where there is none, or none is known.
  public func change(to data: DataDigest) -> DataDigest.Change? {
    self.data.flatMap { data.change(since: $0) }
  }
}
