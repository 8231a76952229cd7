import Graph

/// A search along a line for a step that fulfils the strong Wolfe conditions, one trial a run of the program
/// (Moré and Thuente 1994, as in MINPACK-2's `dcsrch`).
///
///     f(α) ≤ f(0) + c₁ α f'(0)        |f'(α)| ≤ c₂ |f'(0)|        c₁ = 10⁻⁴, c₂ = 0.9
///
/// | variable | meaning |
/// | --- | --- |
/// | step | the α of the next trial |
/// | start.loss, start.slope | f(0) and f'(0) |
/// | best.*, other.* | the ends of the interval: the end of the smallest loss, and the one across |
/// | isBracketed | whether a minimum is known to lie between both ends |
/// | isFirstStage | whether no step has had a sufficient decrease and a rising slope yet |
/// | width, formerWidth | the width of the interval that holds a minimum, and the one before |
/// | trials | the number of trials so far |
struct LineSearch {
  /// A step with its loss and slope.
  struct Point {
    var step, loss, slope: Symbol

    /// The point of the function f(α) - α t.
    func tilted(by t: Symbol) -> Point {
      Point(step: step, loss: loss - step * t, slope: slope - t)
    }

    /// The first point where the condition, 0 or 1, holds.
    static func select(_ condition: Symbol, _ first: Point, _ second: Point) -> Point {
      Point(
        step: condition.select(first.step, second.step),
        loss: condition.select(first.loss, second.loss),
        slope: condition.select(first.slope, second.slope))
    }
  }

  private static let (decrease, curvature) = (1e-4, 0.9)
  /// The trials after which a search has failed.
  private static let largestCount = 20.0
  /// The part of the interval before, above which the next trial halves it.
  private static let slowShrinking = 0.66

  /// The width of an interval without an end.
  private static let unbounded = 1e30

  private let step, isBracketed, isFirstStage, width, formerWidth, trials: Variable
  private let start: (loss: Variable, slope: Variable)
  private let best, other: [Variable]

  init(_ name: String) {
    func variable(_ suffix: String) -> Variable {
      Variable("\(name).\(suffix)", [], initializer: .constant(0), isTrainable: false)
    }
    func point(_ suffix: String) -> [Variable] {
      ["step", "loss", "slope"].map { variable("\(suffix).\($0)") }
    }
    (step, isBracketed, isFirstStage) = (
      variable("step"), variable("isBracketed"), variable("isFirstStage")
    )
    (width, formerWidth, trials) = (
      variable("width"), variable("formerWidth"), variable("trials")
    )
    start = (variable("start.loss"), variable("start.slope"))
    (best, other) = (point("best"), point("other"))
  }

  /// The α of this trial; zero before the first line.
  var trial: Symbol { step.symbol }

  /// The loss f(0).
  var startLoss: Symbol { start.loss.symbol }

  /// Whether a trial of this loss and slope ends the search as it should: 1 or 0.
  func isFound(loss: Symbol, slope: Symbol) -> Symbol {
    let bound = start.loss.symbol + trial * (Self.decrease * start.slope.symbol)
    return loss.isLessOrEqual(to: bound)
      * slope.absolute().isLessOrEqual(to: -Self.curvature * start.slope.symbol)
  }

  /// Whether the search ends with this trial if the trial is not what it looks for: 1 or 0.
  var isLastTrial: Symbol { trials.symbol.isGreaterOrEqual(to: Self.largestCount - 1) }

  /// The new values of all variables for a line whose first trial is a given step.
  func begun(step first: Symbol, loss: Symbol, slope: Symbol) -> [Variable: Symbol] {
    let zero = Symbol.fill(0, .scalar)
    let origin = Point(step: zero, loss: loss, slope: slope)
    return values(
      step: first, best: origin, other: origin, isBracketed: zero, isFirstStage: zero + 1,
      width: zero + Self.unbounded, formerWidth: zero + Self.unbounded, trials: zero
    ).merging([start.loss: loss, start.slope: slope]) { $1 }
  }

  /// The new values of all variables for the next trial, after one of this loss and slope.
  func continued(loss: Symbol, slope: Symbol) -> [Variable: Symbol] {
    let at = Point(step: trial, loss: loss, slope: slope)
    let (best, other) = (point(best), point(other))
    let gentle = Self.decrease * start.slope.symbol
    let bound = start.loss.symbol + trial * gentle
    let first =
      isFirstStage.symbol
      * (1 - loss.isLessOrEqual(to: bound) * slope.isGreaterOrEqual(to: 0))
    // A smaller loss that is no sufficient decrease is judged by f(α) - c₁ α f'(0) instead of f(α).
    let tilt =
      first * loss.isLessOrEqual(to: best.loss) * loss.isGreater(than: bound) * gentle
    let isFirstTrial = trials.symbol.isEqual(to: 0)
    let ahead = trial - best.step
    let bounds = (
      lower: isFirstTrial.select(.fill(0, .scalar), trial + 1.1 * ahead),
      upper: trial + 4 * ahead
    )
    let next = LineSearchStep(
      best.tilted(by: tilt), other.tilted(by: tilt), at.tilted(by: tilt),
      isBracketed: isBracketed.symbol, bounds)
    let (newBest, newOther) = (next.best.tilted(by: -tilt), next.other.tilted(by: -tilt))
    let newWidth = (newOther.step - newBest.step).absolute()
    let isSlow =
      next.isBracketed
      * newWidth.isGreaterOrEqual(to: Self.slowShrinking * formerWidth.symbol)
    let middle = newBest.step + 0.5 * (newOther.step - newBest.step)
    let chosen = isSlow.select(middle, next.step)
    // Where the loss is no number, the trial was far too long.
    let isNumber = loss.isFinite() * slope.isFinite()
    let shrinks = isNumber * next.isBracketed
    return values(
      step: isNumber.select(chosen, best.step + 0.1 * ahead),
      best: .select(isNumber, newBest, best), other: .select(isNumber, newOther, other),
      isBracketed: isNumber.select(next.isBracketed, isBracketed.symbol),
      isFirstStage: isNumber.select(first, isFirstStage.symbol),
      width: shrinks.select(newWidth, width.symbol),
      formerWidth: shrinks.select(width.symbol, formerWidth.symbol),
      trials: trials.symbol + 1)
  }

  private func point(_ variables: [Variable]) -> Point {
    Point(step: variables[0].symbol, loss: variables[1].symbol, slope: variables[2].symbol)
  }

  private func values(
    step: Symbol, best: Point, other: Point, isBracketed: Symbol, isFirstStage: Symbol,
    width: Symbol, formerWidth: Symbol, trials: Symbol
  ) -> [Variable: Symbol] {
    var values = [
      self.step: step, self.isBracketed: isBracketed, self.isFirstStage: isFirstStage,
      self.width: width, self.formerWidth: formerWidth, self.trials: trials,
    ]
    for (variables, point) in [(self.best, best), (self.other, other)] {
      for (variable, value) in zip(variables, [point.step, point.loss, point.slope]) {
        values[variable] = value
      }
    }
    return values
  }
}
