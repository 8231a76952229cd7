public import Graph

/// A rewrite that turns errors and parameters into the new values of parameters and memory.
///
/// Nothing else knows the optimizer: a program compiled from its step trains the model.
public protocol Optimizer: Sendable {
  /// What one step computes.
  func step(for objective: Objective) -> Step
}

/// What one step of training computes: new values of variables, and numbers worth a look.
public struct Step: Sendable {
  /// The new value of each variable that changes; all take effect together.
  public var updates: [Variable: Symbol]

  /// Scalars that tell how the step went, by name, such as the norm of the gradient.
  public var monitors: [(name: String, value: Symbol)]

  /// Makes a step.
  public init(updates: [Variable: Symbol], monitors: [(name: String, value: Symbol)] = []) {
    self.updates = updates
    self.monitors = monitors
  }

  /// The program of the step; its outputs are the monitors, then what is fetched besides.
  public func compiled(fetching outputs: [Symbol] = []) -> Program {
    Program(monitors.map(\.value) + outputs, updates: updates)
  }
}

/// The number of steps done so far, a variable that optimizers count up.
struct StepCounter {
  let variable = Variable(
    "optimizer.step", [], initializer: .constant(0), isTrainable: false)

  /// The number of steps before this one.
  var value: Symbol { variable.symbol }

  /// The number of steps, this one included.
  var next: Symbol { variable.symbol + 1 }
}
