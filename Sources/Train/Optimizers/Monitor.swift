public import Graph

/// A diagnostic of a step, such as the norm of the gradient.
///
/// A run writes it to TensorBoard as `optimizer/<name>` with each log of the loss.
public struct Monitor: Sendable {
  /// The name, unique among the monitors of a step.
  public var name: String

  /// The number, a scalar over the same placeholders and variables as the step.
  public var symbol: Symbol

  /// The bounds that the number should keep.
  public var alarms: [Alarm]

  /// Makes a monitor, by default one that only informs.
  public init(_ name: String, _ symbol: Symbol, alarms: [Alarm] = []) {
    self.name = name
    self.symbol = symbol
    self.alarms = alarms
  }
}

extension Monitor {
  /// The bound that a monitor should keep, and the sentence for a number that does not.
  public struct Alarm: Sendable {
    /// The side of the bound that alarms.
    public enum Condition: Sendable, Hashable {
      /// The number rises above the bound.
      case above(Double)
      /// The number falls below the bound.
      case below(Double)
      /// The number rises by this much within so many steps.
      case rise(by: Double, steps: Int)
    }

    /// The consequence of a number beyond the bound.
    public enum Effect: Sendable, Hashable {
      /// A run warns of the first such number among those it logs, and of their count when it ends.
      case warning
      /// A run ends at the first such number, which it looks for after each step.
      case end
    }

    /// The condition of the alarm.
    public var condition: Condition

    /// The consequence.
    public var effect: Effect

    /// The warning for a number and the count of steps done, a sentence that begins in lower case and
    /// has no full stop.
    public var sentence: @Sendable (_ value: Double, _ step: Int) -> String

    /// Makes an alarm, by default one that warns.
    public init(
      _ condition: Condition, effect: Effect = .warning,
      sentence: @escaping @Sendable (_ value: Double, _ step: Int) -> String
    ) {
      self.condition = condition
      self.effect = effect
      self.sentence = sentence
    }
  }

  /// The numbers of a monitor that a run has seen, as far as its alarm asks for them.
  struct Watch {
    /// The alarm.
    let alarm: Alarm
    /// How many numbers were beyond the bound.
    private(set) var count = 0
    /// The sentence for the last of these.
    private(set) var sentence = ""
    /// The last numbers in turn, for a bound on their rise.
    private var past: [Double] = []
    private var turn = 0

    /// Watches for an alarm.
    init(_ alarm: Alarm) { self.alarm = alarm }

    /// Adds a number; returns whether it is beyond the bound.
    mutating func add(_ value: Double, step: Int) -> Bool {
      guard isBeyond(value) else { return false }
      count += 1
      sentence = alarm.sentence(value, step)
      return true
    }

    private mutating func isBeyond(_ value: Double) -> Bool {
      switch alarm.condition {
      case .above(let bound): return value > bound
      case .below(let bound): return value < bound
      case .rise(let rise, let steps):
        guard past.count >= steps else {
          past.append(value)
          // The first number alone tells no rise; a run begins where it was resumed.
          return value - past[0] >= rise
        }
        let before = past[turn]
        past[turn] = value
        turn = (turn + 1) % steps
        return value - before >= rise
      }
    }
  }
}
