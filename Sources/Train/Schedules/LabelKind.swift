public import Graph
public import Tensors

/// One kind of label, such as energies or force components, as training sees it.
public struct LabelKind: Sendable {
  /// The name, such as `energy`.
  public var name: String

  /// The scaled errors `ξ = √(c/n) (ŷ - y)` of n labels, a graph over the placeholders that
  /// `LabelSource.fill` sets.
  public var errors: Symbol

  /// The errors `ŷ - y` of labels without any factor, [labels], over the same placeholders: by these a
  /// schedule chooses.
  public var plainErrors: Symbol

  /// The number of labels to train on.
  public var count: Int

  /// The number n of labels that a step takes.
  public var labelsPerStep: Int

  /// Makes a kind of label; without plain errors the scaled ones stand for them.
  public init(
    name: String, errors: Symbol, plainErrors: Symbol? = nil, count: Int, labelsPerStep: Int
  ) {
    self.plainErrors = plainErrors ?? errors
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

  /// The factor that makes the plain error of a label comparable between structures, 1/N for what is
  /// reported per atom.
  func scale(ofLabel label: Int, kind: Int) -> Double

  /// The root mean squared error of all labels of each kind, plain errors times their scales; nil where the
  /// source knows no better way than label by label.
  func rootMeanSquareErrors(_ state: State<Scalar>, workers: Workers) -> [Double]?
}

extension LabelSource {
  /// Labels of one kind, all at random.
  public var schedule: any BatchSchedule { RandomLabels() }

  /// None.
  public func structures(ofErrorsOf kind: Int, labels: [Int]) -> [Int] { [] }

  /// 1.
  public func scale(ofLabel label: Int, kind: Int) -> Double { 1 }

  /// None.
  public func rootMeanSquareErrors(_ state: State<Scalar>, workers: Workers) -> [Double]? { nil }
}
