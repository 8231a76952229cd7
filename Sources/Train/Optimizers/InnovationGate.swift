import Graph

/// The treatment of labels whose innovation is far beyond what the filter expects of it.
///
/// The innovation of label i has the square `ν_i = ξ_i² / A_ii` over its expected one. Its mean s² over
/// the labels of one kind runs along, with each ν_i at most c² s², so that wild labels cannot raise it
/// fast: η and P(0) seldom are true variances, and s² makes up for that.
public enum WildLabels: String, Sendable, Hashable, CaseIterable, Codable {
  /// All labels count.
  case off
  /// Beyond k = 1.345, the error counts as `k s √A_ii` at most (Huber 1964): its row of J and of ξ is scaled
  /// by the root of `k s / √ν_i`.
  case weigh
  /// Beyond c² = 15.14, which χ² of one degree of freedom exceeds once in ten thousand, a label does not
  /// count in its step.
  case reject
}

/// The rows of a step after wild labels were dealt with.
struct InnovationGate {
  /// The factor of each label's error and row of the Jacobian, [m].
  let factors: Symbol
  /// Whether each label is beyond c² s², [m].
  let isWild: Symbol
  /// The new values of s² and of the number of steps of the kind.
  let updates: [Variable: Symbol]

  /// `c²`, the quantile 0.9999 of χ² of one degree of freedom.
  private static let largest = 15.137
  /// The constant k of Huber's weights, efficient to 95 % for normal errors.
  private static let huber = 1.345
  /// The number of steps over which the mean runs.
  private static let memory = 100.0

  /// Gates errors ξ [m] by products X_b and Jacobians J_b of all blocks, and the noise R.
  init(
    _ wild: WildLabels, kind: String, _ products: [Symbol], _ jacobians: [Symbol], _ errors: Symbol,
    _ noise: Symbol
  ) {
    func variable(_ suffix: String, _ value: Double) -> Variable {
      Variable("kalman.\(kind).\(suffix)", [], initializer: .constant(value), isTrainable: false)
    }
    let (scale, count) = (variable("innovationScale", 1), variable("innovationCount", 0))
    let shape = errors.shape
    let shares = zip(products, jacobians).map { ($0 * $1).sum(along: 1) }
    let expected =
      shares.dropFirst().reduce(shares[0], +) + noise.broadcast(to: shape, axes: [])
    let normalized = errors.square() / expected
    let bound = (Self.largest * scale.symbol).broadcast(to: shape, axes: [])
    isWild = normalized.isGreater(than: bound)
    switch wild {
    case .off: factors = .fill(1, shape)
    case .weigh:
      let limit = (Self.huber * Self.huber * scale.symbol).broadcast(to: shape, axes: [])
      factors = (limit / normalized.maximum(limit)).power(0.25)
    case .reject: factors = 1 - isWild
    }
    // An error that is no number ends in a rejected step; the mean goes on without it.
    let mean = normalized.minimum(bound).mean()
    let isNumber = mean.isFinite()
    let rate = 1 / (count.symbol + 10).minimum(Self.memory)
    updates = [
      scale: isNumber.select(scale.symbol + rate * (mean - scale.symbol), scale.symbol),
      count: count.symbol + isNumber,
    ]
  }

  /// Rows [m, n] times their factors.
  func callAsFunction(_ rows: Symbol) -> Symbol {
    rows * factors.broadcast(to: rows.shape, axes: [0])
  }

  /// The number of wild labels, of which a run warns.
  func monitor(of kind: String) -> Monitor {
    Monitor(
      "wildLabels.\(kind)", isWild.sum(),
      alarms: [
        Monitor.Alarm(.above(0)) { count, step in
          "\(Int(count)) label(s) of the kind '\(kind)' in step \(step) are far beyond the error that the "
            + "filter expects; look at the labels"
        }
      ])
  }
}
