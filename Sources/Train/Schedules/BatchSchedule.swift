public import Tensors

/// The choice of the labels of each step of a training.
///
/// The labels of a step follow from the number of steps before and the random stream, so a resumed
/// training takes the same labels as an uninterrupted one.
public protocol BatchSchedule: Codable, Equatable, Sendable {
  /// The name in configurations.
  static var kind: String { get }

  /// The form of a batch: labels of one property, or whole structures.
  var batch: BatchForm { get }

  /// Whether all steps take the same labels.
  var isFixed: Bool { get }

  /// Draws the labels of a step.
  ///
  /// - Parameters:
  ///   - kinds: The kinds of label; at least one has labels.
  ///   - step: The number of steps done before.
  ///   - random: The stream.
  ///   - labels: Receives the numbers of the labels, all different.
  /// - Returns: The number of their kind.
  func draw(
    _ kinds: [LabelKind], step: Int, from random: inout RandomStream, into labels: inout [Int]
  ) -> Int
}

extension BatchSchedule {
  /// False: steps take labels of their own.
  public var isFixed: Bool { false }
}

/// The form of the batch of a step.
public enum BatchForm: Sendable, Equatable {
  /// So many labels of one property, by its name; properties that are not named give none.
  case labels(perStep: [String: Int])
  /// So many structures with all labels that they have.
  case structures(perStep: Int)
}
