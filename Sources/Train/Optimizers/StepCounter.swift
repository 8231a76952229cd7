public import Graph

/// The number of steps that an optimizer has done, a variable which each step counts up.
///
///     let counter = StepCounter()
///     let rate = learningRate.value(at: counter.value)
///     updates[counter.variable] = counter.next
///
/// The steps of all kinds of label share the variable, since it goes by its name.
public struct StepCounter: Sendable {
  /// The variable `optimizer.step`, a scalar that starts at 0.
  public let variable = Variable(
    "optimizer.step", [], initializer: .constant(0), isTrainable: false)

  /// Makes a counter.
  public init() {}

  /// The number of steps before this one.
  public var value: Symbol { variable.symbol }

  /// The number of steps, this one included.
  public var next: Symbol { variable.symbol + 1 }
}
