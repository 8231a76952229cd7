public import Graph
public import Tensors

/// One kind of label, such as energies or force components, as training sees it.
public struct LabelKind: Sendable {
  /// The name, such as `energy`.
  public var name: String

  /// The scaled errors `ξ = √(c/n) (ŷ - y)` of n labels, a graph over the placeholders that
  /// `LabelSource.fill` sets.
  public var errors: Symbol

  /// How many labels there are to train on.
  public var count: Int

  /// How many labels n an update takes.
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

  /// Sets the placeholders of one kind's errors for the labels of these numbers.
  ///
  /// Called by one thread at a time, but not always the same, and while the step before runs: what is
  /// filled in may not depend on weights.
  func fill(_ feed: Feed<Scalar>, kind: Int, labels: [Int])
}

/// The random-label schedule (Shao et al. 2021, figure 1): each step draws one kind of label with equal
/// chance, and then that kind's labels, each with equal chance and regardless of its error.
enum RandomLabelSchedule {
  /// Draws the labels of a step into `labels`, all different, and returns their kind.
  static func draw(
    _ kinds: [LabelKind], from random: inout RandomStream, into labels: inout [Int]
  ) -> Int {
    let available = kinds.indices.filter { kinds[$0].count > 0 }
    let kind = available[available.count == 1 ? 0 : random.integer(below: available.count)]
    let count = kinds[kind].count
    labels.removeAll(keepingCapacity: true)
    while labels.count < min(kinds[kind].labelsPerStep, count) {
      let label = random.integer(below: count)
      if !labels.contains(label) { labels.append(label) }
    }
    return kind
  }
}
