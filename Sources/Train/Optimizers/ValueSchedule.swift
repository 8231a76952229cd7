import Foundation
public import Graph
import Tensors

/// A number as a function of the steps done before, such as a learning rate or the noise of a process.
///
/// The choice of labels is another thing, a batch schedule.
public indirect enum ValueSchedule: Sendable, Hashable {
  /// Always the same.
  case constant(Double)
  /// `initial · factor^(step / every)`, kept within bounds.
  case exponential(
    initial: Double, factor: Double, every: Double, minimum: Double = 0,
    maximum: Double = .infinity)
  /// `values[k]` for steps from `boundaries[k - 1]` on, up to `boundaries[k]`.
  case piecewise(values: [Double], boundaries: [Int])
  /// Half a wave, `final + (initial - final) (1 + cos(π step / steps)) / 2`, and `final` after so many
  /// steps (Loshchilov and Hutter 2017).
  case cosine(initial: Double, final: Double, steps: Int)
  /// A rise in proportion to the step, `first (step + 1) / (steps + 1)`, to the first value of the
  /// schedule that comes then.
  case warmUp(steps: Int, then: ValueSchedule)

  /// The value as a symbol, a scalar, for the number of steps done before, a scalar as well: that of an
  /// optimizer's `StepCounter`.
  public func value(at step: Symbol) -> Symbol {
    switch self {
    case .constant(let value): return .fill(value, .scalar)
    case .exponential(let initial, let factor, let every, let minimum, let maximum):
      var value = initial * (step * (log(factor) / every)).exp()
      if maximum.isFinite { value = value.minimum(maximum) }
      if minimum > 0 || initial < 0 || maximum < 0 { value = value.maximum(minimum) }
      return value
    case .piecewise(let values, let boundaries):
      ensure(
        values.count == boundaries.count + 1,
        "a piecewise schedule of \(values.count) values needs \(values.count - 1) boundaries")
      return zip(boundaries, values).reversed().reduce(.fill(values[values.count - 1], .scalar)) {
        step.isLess(than: Double($1.0)).select(.fill($1.1, .scalar), $0)
      }
    case .cosine(let initial, let final, let steps):
      let phase = (step / Double(steps)).minimum(1) * Double.pi
      return final + (initial - final) * ((1 + phase.cos()) / 2)
    case .warmUp(let steps, let then):
      return ((step + 1) / Double(steps + 1)).minimum(1)
        * then.value(at: (step - Double(steps)).maximum(0))
    }
  }

  /// The value as a number, for the number of steps done before.
  public func value(at step: Int) -> Double {
    switch self {
    case .constant(let value): value
    case .exponential(let initial, let factor, let every, let minimum, let maximum):
      max(minimum, min(maximum, initial * pow(factor, Double(step) / every)))
    case .piecewise(let values, let boundaries):
      values[boundaries.firstIndex { step < $0 } ?? values.count - 1]
    case .cosine(let initial, let final, let steps):
      final + (initial - final) * (1 + cos(.pi * min(1, Double(step) / Double(steps)))) / 2
    case .warmUp(let steps, let then):
      min(1, Double(step + 1) / Double(steps + 1)) * then.value(at: max(0, step - steps))
    }
  }

  /// Whether the value is above zero at all steps.
  public var isPositive: Bool {
    switch self {
    case .constant(let value): value > 0
    case .exponential(let initial, _, _, let minimum, let maximum):
      (initial > 0 || minimum > 0) && maximum > 0
    case .piecewise(let values, _): values.allSatisfy { $0 > 0 }
    case .cosine(let initial, let final, _): min(initial, final) > 0
    case .warmUp(_, let then): then.isPositive
    }
  }

  /// Whether the value is below zero at some step.
  public var isNegative: Bool {
    switch self {
    case .constant(let value): value < 0
    case .exponential(let initial, _, _, let minimum, let maximum):
      minimum < 0 && (initial < 0 || maximum < 0)
    case .piecewise(let values, _): values.contains { $0 < 0 }
    case .cosine(let initial, let final, _): min(initial, final) < 0
    case .warmUp(_, let then): then.isNegative
    }
  }
}
