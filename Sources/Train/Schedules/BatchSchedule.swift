public import Atomistic
public import Tensors

/// The choice of the labels of each step of a training.
///
/// The labels of a step follow from the number of steps before, the random stream and what the schedule
/// keeps, so a resumed training takes the same labels as an uninterrupted one.
public protocol BatchSchedule: Codable, Equatable, Sendable {
  /// The name in configurations.
  static var kind: String { get }

  /// The form of a batch: labels of one property, or whole structures.
  var batch: BatchForm { get }

  /// Whether all steps take the same labels.
  var isFixed: Bool { get }

  /// Whether the labels of a step depend on errors with the weights of the moment, so that they cannot be
  /// prepared while the step before runs.
  var looksAtErrors: Bool { get }

  /// Whether the errors of labels have factors, see `factor`.
  var hasFactors: Bool { get }

  /// The factor of the error of one value of a property of a structure, and so of its row of the
  /// Jacobian.
  func factor(of property: Property, value: Int, in structure: Structure) -> Double

  /// Draws the labels of a step.
  ///
  /// - Parameters:
  ///   - candidates: The labels; at least one kind has some.
  ///   - step: The number of steps done before.
  ///   - random: The stream.
  ///   - selection: What the schedule keeps from one step to the next.
  ///   - labels: Receives the numbers of the labels, all different.
  /// - Returns: The number of their kind.
  func draw(
    from candidates: any LabelCandidates, step: Int, using random: inout RandomStream,
    _ selection: inout LabelSelection, into labels: inout [Int]
  ) -> Int
}

extension BatchSchedule {
  /// False: steps take labels of their own.
  public var isFixed: Bool { false }

  /// False: chance alone decides.
  public var looksAtErrors: Bool { false }

  /// False: errors count as they are.
  public var hasFactors: Bool { false }

  /// 1.
  public func factor(of property: Property, value: Int, in structure: Structure) -> Double { 1 }
}

/// The form of the batch of a step.
public enum BatchForm: Sendable, Equatable {
  /// So many labels of one property, by its name; properties that are not named give none.
  case labels(perStep: [String: Int], LabelReduction = .mean)
  /// So many structures with all labels that they have.
  case structures(perStep: Int)
}

/// The scaled errors ξ that n labels of one property with weight c give a step, from `e = ŷ - y`.
public enum LabelReduction: String, Codable, Sendable, CaseIterable {
  /// `√(c/n) e`, a row for each label, so that the loss is a mean.
  case mean
  /// `√c e`, a row for each label, as n2p2's filter takes them.
  case columns
  /// `√c Σ |e| / n`, one row for all labels, as RuNNer's filter takes them.
  case average
}
