public import Graph

/// A diagnostic of a step, such as the norm of the gradient.
///
/// A run writes it to TensorBoard as `optimizer/<name>` with each log of the loss.
public struct Monitor: Sendable {
  /// The name, unique among the monitors of a step.
  public var name: String

  /// The number, a scalar over the same placeholders and variables as the step.
  public var symbol: Symbol

  /// The bound that the number should keep, if there is one.
  public var alarm: Alarm?

  /// Makes a monitor, by default one that only informs.
  public init(_ name: String, _ symbol: Symbol, alarm: Alarm? = nil) {
    self.name = name
    self.symbol = symbol
    self.alarm = alarm
  }
}

extension Monitor {
  /// The bound that a monitor should keep, and the warning for a number beyond it.
  ///
  /// The warning is given for the first number beyond the bound, and again only for a number farther out.
  public struct Alarm: Sendable {
    /// The side of the bound that alarms.
    public enum Condition: Sendable, Hashable {
      /// The number rises above the bound.
      case above(Double)
      /// The number falls below the bound.
      case below(Double)
    }

    /// The condition of the alarm.
    public var condition: Condition

    /// The warning for a number and the count of steps done, a sentence that begins in lower case and
    /// has no full stop.
    public var sentence: @Sendable (_ value: Double, _ step: Int) -> String

    /// Makes an alarm.
    public init(
      _ condition: Condition, sentence: @escaping @Sendable (_ value: Double, _ step: Int) -> String
    ) {
      self.condition = condition
      self.sentence = sentence
    }

    /// The warning that a number calls for, or nil; the bound then moves to this number.
    public mutating func warning(for value: Double, step: Int) -> String? {
      switch condition {
      case .above(let bound):
        guard value > bound else { return nil }
        condition = .above(value)
      case .below(let bound):
        guard value < bound else { return nil }
        condition = .below(value)
      }
      return sentence(value, step)
    }
  }
}
