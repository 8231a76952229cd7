import Atomistic
public import Tensors

/// Each step draws one kind of label with equal chance, and then that kind's labels, each with equal
/// chance and regardless of its error.
///
/// Source: Shao et al. 2021, figure 1.
public struct RandomLabels: BatchSchedule {
  /// The name in configurations.
  public static let kind = "randomLabels"

  /// The number of labels that a step takes, by the property's name.
  public var perStep: [String: Int]

  /// Makes the schedule; by default one energy or ten force components.
  public init(_ perStep: [String: Int] = ["energy": 1, "force": 10]) { self.perStep = perStep }

  /// Labels of one property.
  public var batch: BatchForm { .labels(perStep: perStep) }

  /// Draws a kind and its labels.
  public func draw(
    from candidates: any LabelCandidates, step: Int, using random: inout RandomStream,
    _ selection: inout LabelSelection, into labels: inout [Int]
  ) -> Int {
    let kinds = candidates.kinds
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

extension RandomLabels {
  /// Decodes an object such as `{ energy: 1, force: 10 }`; a property that is left out gives no labels.
  public init(from decoder: any Decoder) throws {
    let perStep = try decoder.singleValueContainer().decode([String: Int].self)
    for (name, count) in perStep.sorted(by: { $0.key < $1.key }) where count < 0 {
      throw decoder.fault("\(name) must not be negative, but is \(count).")
    }
    guard perStep.values.contains(where: { $0 > 0 }) else {
      throw decoder.fault(
        "at least one property should give labels, as in { energy: 1, force: 10 }.")
    }
    self.init(perStep)
  }

  /// Encodes the labels of each property.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(perStep)
  }
}
