import Graph
import Tensors

/// L-BFGS: a quasi-Newton method that keeps the last changes of weights and of gradients (Liu and Nocedal
/// 1989), with a line search for the strong Wolfe conditions.
///
///     w ← w + α d        d = -H g        s = α d,  y = g(w + s) - g(w)
///
/// with the gradient g of L₂ and H from the last h pairs (s, y) by the recursion of two loops. A pair with
/// `sᵀy ≤ 10⁻⁸ |s| |y|` is left out, so that H stays positive. Each step of a run is one trial: errors and
/// gradient at `w + α d`. The weights change only when a trial ends its line search well, so they always
/// are the best so far. A search that fails forgets the pairs and starts down the gradient.
///
/// Losses of different trials are compared, so all steps need the same labels.
public struct LBFGS: Optimizer, Hashable {
  /// `lbfgs`.
  public static let kind = "lbfgs"

  /// The number h of pairs.
  public var pairs: Int

  /// Makes L-BFGS, by default with ten pairs.
  public init(pairs: Int = 10) { self.pairs = pairs }

  /// True.
  public var needsFixedBatch: Bool { true }

  /// The smallest cosine of s and y of a pair that is kept.
  private static let leastCurvature = 1e-8

  /// One step: a trial, and at the end of a line search the weights, pairs and a new direction.
  public func step(for objective: Objective) -> Step {
    let counter = StepCounter()
    let n = objective.parameters.count
    func memory(_ suffix: String, _ extents: [Int]) -> Variable {
      Variable(
        "\(Self.kind).\(suffix)", extents, initializer: .constant(0), isTrainable: false)
    }
    let (direction, gradient) = (memory("direction", [n]), memory("gradient", [n]))
    let (moves, changes) = (memory("moves", [pairs, n]), memory("gradientChanges", [pairs, n]))
    let failures = memory("failedSearches", [])
    let search = LineSearch("\(Self.kind).search")

    let s = search.trial * direction.symbol
    let moved = objective.moved(by: s)
    let loss = moved.squaredError
    let g = moved.gradient(of: loss)
    let slope = Self.dot(g, direction.symbol)
    // The first trial is the start itself: its direction is zero.
    let isFound = counter.value.isEqual(to: 0).maximum(search.isFound(loss: loss, slope: slope))
    let isFailed = (1 - isFound) * search.isLastTrial
    let ends = isFound + isFailed

    let y = g - gradient.symbol
    let isCurved = Self.dot(s, y).isGreater(
      than: Self.leastCurvature * (Self.dot(s, s) * Self.dot(y, y)).squareRoot())
    let isKept = isFound * isCurved
    func appended(_ rows: Variable, _ row: Symbol) -> Symbol {
      let longer = Symbol.concatenating([rows.symbol, row.inserting(axis: 0)], axis: 0)
        .slice(1, count: .fixed(pairs))
      let kept = isKept.broadcast(to: longer.shape, axes: []).select(longer, rows.symbol)
      return (1 - isFailed).selected(kept)
    }
    let (newMoves, newChanges) = (appended(moves, s), appended(changes, y))
    let base = isFound.broadcast(to: g.shape, axes: []).select(g, gradient.symbol)
    let descent = -Self.product(base, newMoves, newChanges, count: pairs)
    let newSlope = Self.dot(descent, base)
    let hasPairs = Self.dot(newMoves, newMoves).isGreater(than: 0)
    let first = hasPairs.select(
      .fill(1, .scalar), (1 / Self.dot(descent, descent).squareRoot()).minimum(1))

    var updates = objective.parameters.updates(
      to: objective.parameters.value + isFound.selected(s))
    let begun = search.begun(
      step: first, loss: isFound.select(loss, search.startLoss), slope: newSlope)
    let continued = search.continued(loss: loss, slope: slope)
    for (variable, value) in begun {
      updates[variable] = ends.select(value, continued[variable] ?? variable.symbol)
    }
    let line = ends.broadcast(to: descent.shape, axes: [])
    updates[direction] = line.select(descent, direction.symbol)
    updates[gradient] = base
    updates[moves] = newMoves
    updates[changes] = newChanges
    updates[failures] = failures.symbol + isFailed
    updates[counter.variable] = counter.next
    return Step(
      updates: updates,
      monitors: [
        Monitor("trialLoss", loss), Monitor("trialStep", search.trial),
        Monitor("gradientNorm", Self.dot(base, base).squareRoot()),
        Monitor(
          "failedSearches", failures.symbol + isFailed,
          alarms: [Monitor.Alarm(.above(0), sentence: Self.warning)]),
      ], remarks: [remark(weights: n)])
  }

  /// `H g` by the two loops over pairs, the rows of S and Y in the order of their age; rows of zeros are
  /// none.
  private static func product(
    _ gradient: Symbol, _ moves: Symbol, _ changes: Symbol, count: Int
  ) -> Symbol {
    func row(_ rows: Symbol, _ number: Int) -> Symbol {
      rows.slice(.fixed(number), count: 1).flattened()
    }
    var q = gradient
    var shares: [Symbol] = []
    let curvatures = (moves * changes).sum(along: 1)
    let inverses = curvatures.isGreater(than: 0)
      .select(1 / curvatures, .fill(0, curvatures.shape))
    func inverse(_ number: Int) -> Symbol {
      inverses.slice(.fixed(number), count: 1).reshaped(.scalar)
    }
    for number in (0..<count).reversed() {
      let share = inverse(number) * dot(row(moves, number), q)
      q = q - share * row(changes, number)
      shares.append(share)
    }
    // The newest pair scales the unit matrix, and without one it stays.
    let newest = row(changes, count - 1)
    let scale = 1 / (inverse(count - 1) * dot(newest, newest))
    q = scale.isFinite().select(scale, .fill(1, .scalar)) * q
    for number in 0..<count {
      let share = shares[count - 1 - number] - inverse(number) * dot(row(changes, number), q)
      q = q + share * row(moves, number)
    }
    return q
  }

  private static func dot(_ first: Symbol, _ second: Symbol) -> Symbol { (first * second).sum() }
}

extension LBFGS {
  private func remark(weights n: Int) -> Step.Remark {
    { [pairs] labels in
      "a step is a trial of one line search, with errors and gradient of \(labels) labels; the method keeps "
        + "\(pairs) pairs of vectors of \(n) weights, \((2 * pairs + 2) * n) numbers"
    }
  }

  @Sendable private static func warning(of count: Double, step: Int) -> String {
    "\(Int(count)) line search(es) up to step \(step) found no better weights: the minimum may be reached "
      + "as far as rounding lets it; try float64"
  }

  private enum CodingKeys: String, CodingKey { case pairs }

  /// Decodes L-BFGS; an absent key means the value of `init`.
  ///
  /// Throws `DecodingError` for a number of pairs below 1 or above 1000.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init()
    pairs = try container.decode(.pairs, default: pairs)
    try container.requirePositive(pairs, .pairs)
    try container.requireAtMost(1000, pairs, .pairs)
  }
}
