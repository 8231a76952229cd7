public import Graph

/// A rewrite that turns errors and parameters into the new values of parameters and memory.
///
/// Nothing else knows the optimizer: a program compiled from its step trains the model. Its properties
/// are its options, which configurations give as `{ <kind>: { … } }`: decoding takes a default where a
/// key is absent, so that `{}` is enough, and encoding writes all keys, those without a value as null.
/// An optimizer is found by its kind if it is a row of the `OptimizerCatalog`.
public protocol Optimizer: Codable, Equatable, Sendable {
  /// The name in configurations, unique in a catalogue.
  static var kind: String { get }

  /// The computation of one step.
  func step(for objective: Objective) -> Step

  /// Whether all steps need the same labels, since the optimizer compares losses of different steps.
  var needsFixedBatch: Bool { get }

  /// An option that differs from another optimizer's and that the start of the optimizer's memory alone
  /// depends on, such as `epsilon`; nil where there is none. A resumed run cannot change it.
  func initialOption(differingFrom other: Self) -> String?
}

extension Optimizer {
  /// False: each step may have labels of its own.
  public var needsFixedBatch: Bool { false }

  /// None.
  public func initialOption(differingFrom other: Self) -> String? { nil }
}

/// The computation of one step of training: new values of variables, and diagnostics.
public struct Step: Sendable {
  /// The new value of each variable that changes; all take effect together.
  public var updates: [Variable: Symbol]

  /// The new values of memory at an evaluation, over `validationLoss` and variables. The steps of all
  /// kinds of label have the same ones.
  public var updatesAtEvaluation: [Variable: Symbol]

  /// The diagnostics of the step, scalars.
  public var monitors: [Monitor]

  /// For each error, whether the step has found it far beyond what it expects, 1 or 0, [m]; nil where
  /// it does not look.
  public var wildLabels: Symbol?

  /// A sentence on a step with so many labels that a user should know before the first one, such as on its
  /// memory; it begins in lower case and has no full stop.
  public typealias Remark = @Sendable (_ labels: Int) -> String

  /// The remarks on the step.
  public var remarks: [Remark]

  /// Makes a step.
  public init(
    updates: [Variable: Symbol], updatesAtEvaluation: [Variable: Symbol] = [:],
    monitors: [Monitor] = [], wildLabels: Symbol? = nil, remarks: [Remark] = []
  ) {
    self.updates = updates
    self.updatesAtEvaluation = updatesAtEvaluation
    self.monitors = monitors
    self.wildLabels = wildLabels
    self.remarks = remarks
  }

  /// The validation loss of an evaluation, a scalar that a run feeds.
  public static var validationLoss: Symbol { .placeholder("validation loss", .scalar) }

  /// The program of the step; its outputs are the monitors, then the fetched symbols.
  public func compiled(fetching outputs: [Symbol] = []) -> Program {
    Program(monitors.map(\.symbol) + outputs, updates: updates)
  }
}
