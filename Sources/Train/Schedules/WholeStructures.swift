import Atomistic
public import Tensors

/// Passes through all training structures, each in an order of its own, some structures with all their
/// labels a step: mini-batches and epochs.
///
/// The last step of a pass takes the structures that are left.
public struct WholeStructures: BatchSchedule {
  /// The name in configurations.
  public static let kind = "structures"

  /// The number of structures of a step.
  public var perStep: Int

  /// Makes the schedule.
  public init(perStep: Int = 10) { self.perStep = perStep }

  /// Whole structures.
  public var batch: BatchForm { .structures(perStep: perStep) }

  /// Takes the next structures of the pass; the stream stays as it is, its seed decides the orders.
  public func draw(
    _ kinds: [LabelKind], step: Int, from random: inout RandomStream, into labels: inout [Int]
  ) -> Int {
    let count = kinds[0].count
    let stepsInPass = (count + perStep - 1) / perStep
    let (pass, place) = step.quotientAndRemainder(dividingBy: stepsInPass)
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
  private enum CodingKeys: String, CodingKey { case perStep }

  /// Decodes an object such as `{ perStep: 10 }`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(perStep: try container.decode(.perStep, default: 10))
    try container.requirePositive(perStep, .perStep)
  }
}
