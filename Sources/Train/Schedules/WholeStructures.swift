import Atomistic
public import Tensors

/// Passes through all training structures, each in an order of its own, some structures with all their
/// labels a step: mini-batches and epochs.
///
/// The last step of a pass takes the structures that are left. A fixed batch is the first one of the first
/// pass, in each step again.
public struct WholeStructures: BatchSchedule {
  /// The name in configurations.
  public static let kind = "structures"

  /// The number of structures of a step.
  public var perStep: Int

  /// Whether all steps take the same structures.
  public var isFixed: Bool

  /// Makes the schedule.
  public init(perStep: Int = 10, isFixed: Bool = false) {
    (self.perStep, self.isFixed) = (perStep, isFixed)
  }

  /// Whole structures.
  public var batch: BatchForm { .structures(perStep: perStep) }

  /// Takes the next structures of the pass; the stream stays as it is, its seed decides the orders.
  public func draw(
    from candidates: any LabelCandidates, step: Int, using random: inout RandomStream,
    _ selection: inout LabelSelection, into labels: inout [Int]
  ) -> Int {
    let count = candidates.kinds[0].count
    let stepsInPass = (count + perStep - 1) / perStep
    let (pass, place) = (isFixed ? 0 : step).quotientAndRemainder(dividingBy: stepsInPass)
    labels.removeAll(keepingCapacity: true)
    labels.append(contentsOf: 0..<count)
    var order = RandomStream(seed: random.seed, stream: Self.firstStream + UInt64(pass))
    order.shuffle(&labels)
    labels.removeSubrange(min(count, (place + 1) * perStep)...)
    labels.removeSubrange(..<(place * perStep))
    return 0
  }

  /// The number of the first pass's stream; the streams before it have other purposes.
  private static let firstStream: UInt64 = 1 << 32
}

extension WholeStructures {
  private enum CodingKeys: String, CodingKey {
    case perStep
    case isFixed = "fixed"
  }

  /// Decodes an object such as `{ perStep: 10, fixed: true }`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      perStep: try container.decode(.perStep, default: 10),
      isFixed: try container.decode(.isFixed, default: false))
    try container.requirePositive(perStep, .perStep)
  }
}
