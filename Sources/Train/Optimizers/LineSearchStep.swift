import Graph

/// One step of a line search: a new interval and the next trial, by cubic and quadratic interpolation
/// (Moré and Thuente 1994, section 4; MINPACK-2's `dcstep`).
///
/// All four cases are computed, and one is taken.
struct LineSearchStep {
  typealias Point = LineSearch.Point

  /// The end of the new interval with the smallest loss, and the other one.
  let best, other: Point
  /// The next trial.
  let step: Symbol
  /// Whether a minimum lies between both ends: 1 or 0.
  let isBracketed: Symbol

  /// Takes a trial between the ends of an interval, or beyond one that is not closed yet.
  init(
    _ best: Point, _ other: Point, _ trial: Point, isBracketed: Symbol,
    _ bounds: (lower: Symbol, upper: Symbol)
  ) {
    let cubic = Cubic(best, trial)
    let ahead = trial.step - best.step
    let isForward = ahead.isGreater(than: 0)
    let isHigher = trial.loss.isGreater(than: best.loss)
    let turns = (trial.slope * best.slope).isLess(than: 0)
    let isFlatter = trial.slope.absolute().isLess(than: best.slope.absolute())
    let far = isForward.select(bounds.upper, bounds.lower)

    // The loss is higher: a minimum lies between.
    let fromBest = best.step + cubic.part(from: best, sign: 1) * ahead
    let parabola =
      best.step + best.slope / ((best.loss - trial.loss) / ahead + best.slope) / 2 * ahead
    let between = (fromBest - best.step).absolute()
      .isLess(than: (parabola - best.step).absolute())
      .select(fromBest, fromBest + (parabola - fromBest) / 2)

    // The slope has another sign: a minimum lies between.
    let share = cubic.part(from: trial, sign: -1)
    let fromTrial = trial.step - share * ahead
    let secant = trial.step - trial.slope / (trial.slope - best.slope) * ahead
    let turned = (fromTrial - trial.step).absolute()
      .isGreater(than: (secant - trial.step).absolute())
      .select(fromTrial, secant)

    // The slope is flatter: the cubic may have no minimum ahead.
    let reached = (share.isLess(than: 0) * cubic.isCurved).select(fromTrial, far)
    let isNear = (reached - trial.step).absolute()
      .isLess(than: (secant - trial.step).absolute())
    let limit = trial.step + 0.66 * (other.step - trial.step)
    let inside = isNear.select(reached, secant)
    let outside = isNear.select(secant, reached).maximum(bounds.lower).minimum(bounds.upper)
    let flatter = isBracketed.select(
      isForward.select(inside.minimum(limit), inside.maximum(limit)), outside)

    // The loss falls as steeply as before.
    let across = Cubic(other, trial)
    let toOther =
      trial.step + across.part(from: trial, sign: -1) * (other.step - trial.step)
    let steep = isBracketed.select(toOther, far)

    step = isHigher.select(
      between, turns.select(turned, isFlatter.select(flatter, steep)))
    self.isBracketed = isBracketed.maximum(isHigher).maximum(turns)
    self.other = .select(isHigher, trial, .select(turns, best, other))
    self.best = .select(isHigher, best, trial)
  }

  /// The cubic through two points with their slopes.
  private struct Cubic {
    let first, second: Point
    let theta: Symbol
    /// The root γ of the discriminant, with the sign of the way from the first point to the second.
    let gamma: Symbol

    init(_ first: Point, _ second: Point) {
      (self.first, self.second) = (first, second)
      let way = second.step - first.step
      theta = 3 * (first.loss - second.loss) / way + first.slope + second.slope
      let scale = theta.absolute().maximum(first.slope.absolute())
        .maximum(second.slope.absolute())
      let (t, a, b) = (theta / scale, first.slope / scale, second.slope / scale)
      gamma = way.sign() * scale * (t * t - a * b).maximum(0).squareRoot()
    }

    var isCurved: Symbol { 1 - gamma.isEqual(to: 0) }

    /// The place of the minimum as a part of the way from a point to the other one.
    func part(from point: Point, sign: Double) -> Symbol {
      let opposite = sign > 0 ? second : first
      let gamma = sign * gamma
      return (gamma - point.slope + theta)
        / (gamma - point.slope + gamma + opposite.slope)
    }
  }
}
