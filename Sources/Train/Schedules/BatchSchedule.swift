public import Tensors

/// Which labels the steps of a training take.
///
/// What a step takes follows from the number of steps before and the random stream, so a training that
/// is resumed takes the labels that it would have taken.
public protocol BatchSchedule: Codable, Equatable, Sendable {
  /// The name in configurations.
  static var kind: String { get }

  /// What a step takes: labels of one kind, or whole structures.
  var batch: BatchForm { get }

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

/// What one step of training takes.
public enum BatchForm: Sendable, Equatable {
  /// So many labels of one property, by its name; properties that are not named give none.
  case labels(perStep: [String: Int])
  /// So many structures with all labels that they have.
  case structures(perStep: Int)
}
