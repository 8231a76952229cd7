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

  /// An option that differs from another optimizer's and that the start of the optimizer's memory alone
  /// depends on, such as `epsilon`; nil where there is none. A resumed run cannot change it.
  func initialOption(differingFrom other: Self) -> String?
}

extension Optimizer {
  /// None.
  public func initialOption(differingFrom other: Self) -> String? { nil }
}

/// The computation of one step of training: new values of variables, and diagnostics.
public struct Step: Sendable {
  /// The new value of each variable that changes; all take effect together.
  public var updates: [Variable: Symbol]

  /// The diagnostics of the step, scalars.
  public var monitors: [Monitor]

  /// Sentences on the step that a user should know before the first one, such as on its memory; each
  /// begins in lower case and has no full stop.
  public var remarks: [String]

  /// Makes a step.
  public init(
    updates: [Variable: Symbol], monitors: [Monitor] = [], remarks: [String] = []
  ) {
    self.updates = updates
    self.monitors = monitors
    self.remarks = remarks
  }

  /// The program of the step; its outputs are the monitors, then the fetched symbols.
  public func compiled(fetching outputs: [Symbol] = []) -> Program {
    Program(monitors.map(\.symbol) + outputs, updates: updates)
  }
}
