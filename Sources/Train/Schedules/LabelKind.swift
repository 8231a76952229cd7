public import Graph
public import Tensors

/// One kind of label, such as energies or force components, as training sees it.
public struct LabelKind: Sendable {
  /// The name, such as `energy`.
  public var name: String

  /// The scaled errors `ξ = √(c/n) (ŷ - y)` of n labels, a graph over the placeholders that
  /// `LabelSource.fill` sets.
  public var errors: Symbol

  /// The number of labels to train on.
  public var count: Int

  /// The number n of labels that a step takes.
  public var labelsPerStep: Int

  /// Makes a kind of label.
  public init(name: String, errors: Symbol, count: Int, labelsPerStep: Int) {
    self.name = name
    self.errors = errors
    self.count = count
    self.labelsPerStep = labelsPerStep
  }
}

/// Gives training the errors of its labels as graphs, and the numbers for their placeholders.
public protocol LabelSource<Scalar>: AnyObject, SendableMetatype {
  /// The precision of the feeds.
  associatedtype Scalar: RealScalar

  /// The kinds of label, each with its graph of errors.
  var kinds: [LabelKind] { get }

  /// The batch schedule.
  var schedule: any BatchSchedule { get }

  /// Sets the placeholders of one kind's errors for the labels of these numbers.
  ///
  /// Called by one thread at a time, but not always the same, and while the step before runs: what is
  /// filled in may not depend on weights.
  func fill(_ feed: Feed<Scalar>, kind: Int, labels: [Int])

  /// The number of the structure of each error of one kind, for the labels of these numbers; empty where
  /// labels belong to no structure.
  func structures(ofErrorsOf kind: Int, labels: [Int]) -> [Int]
}

extension LabelSource {
  /// Labels of one kind, all at random.
  public var schedule: any BatchSchedule { RandomLabels() }

  /// None.
  public func structures(ofErrorsOf kind: Int, labels: [Int]) -> [Int] { [] }
}
