public import Tensors

/// Each step draws one kind of label with equal chance, and then that kind's labels, each with equal
/// chance and regardless of its error.
///
/// Source: Shao et al. 2021, figure 1.
public struct RandomLabels: BatchSchedule {
  /// The name in configurations.
  public static let kind = "randomLabels"

  /// How many labels of each property a step takes, by its name.
  public var perStep: [String: Int]

  /// Makes the schedule; by default one energy or ten force components.
  public init(_ perStep: [String: Int] = ["energy": 1, "force": 10]) { self.perStep = perStep }

  /// Labels of one property.
  public var batch: BatchForm { .labels(perStep: perStep) }

  /// Draws a kind and its labels.
  public func draw(
    _ kinds: [LabelKind], step: Int, from random: inout RandomStream, into labels: inout [Int]
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
