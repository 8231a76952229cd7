public import Graph

/// The extended Kalman filter (Shao et al. 2021, algorithm 2; Singraber et al. 2019).
///
///     X = J P                     A = X Jᵀ + R = L Lᵀ
///     U = L⁻¹ X                   z = L⁻¹ ξ
///     w ← w - Uᵀ z                P ← (P - Uᵀ U) / λ + Q
///
/// with errors ξ = ŷ - y, their Jacobian J of shape [m, n], R = I/η (or I λ if P forgets) and
/// Q = q I. It is the textbook's `K = P Jᵀ A⁻¹`, `w ← w - K ξ`, `P ← (I - K J) P + Q`, written so that P
/// stays symmetric and is reduced by a sum of squares.
///
/// A `CovarianceForm` other than the full one keeps blocks P_b on the diagonal of P alone. They share the
/// innovation, `A = Σ_b J_b P_b J_bᵀ + R`, or each block takes one of its own, as if it had to explain
/// the whole error alone, and so RuNNer's and aenet's filters do.
///
/// Float keeps P positive where Double does, see `symmetricRankUpdate`. As long as P is positive, each
/// pivot of A is R at least. A step with a pivot below R/2, beyond what rounding explains, or with a
/// result that is not finite, is rejected: no weight changes, P grows by Q alone, and rejected steps
/// are counted. A filter that rejects nine tenths of a hundred steps is dead: the run ends.
public struct ExtendedKalmanFilter: Optimizer, Hashable {
  /// `ekf`.
  public static let kind = "ekf"

  /// The noise R of the measurements.
  public enum MeasurementNoise: Sendable, Hashable {
    /// `R = I/η`, with the learning rate η; large values trust the labels.
    case learningRate(ValueSchedule)
    /// Fading memory (n2p2): `R = I λ`, `P` is divided by λ, and `λ ← ν λ + 1 - ν` each step.
    case fading(initial: Double, nu: Double)
    /// `R = r I`, with an r for each kind of label that residuals tell.
    case measured(MeasuredNoise)

    fileprivate var forgets: Bool {
      if case .fading = self { true } else { false }
    }
  }

  /// The noise of the measurements.
  public var measurementNoise: MeasurementNoise
  /// The noise q of the process, added to the diagonal of P.
  public var processNoise: ValueSchedule
  /// The number ε of `P(0) = I/ε`.
  public var epsilon: Double
  /// The form of P.
  public var covariance: CovarianceForm
  /// The innovations of the blocks of P.
  public var innovation: Innovation
  /// The treatment of labels far beyond their expected error.
  public var wildLabels: WildLabels

  /// The innovations A of the blocks of P.
  public enum Innovation: String, Sendable, Hashable, CaseIterable, Codable {
    /// One for all blocks: the filter's step for the block-diagonal P.
    case shared
    /// One for each block, `A_b = J_b P_b J_bᵀ + R`: each block tries to remove the whole error.
    case separate
  }

  /// Makes a filter with η = 1 and n2p2's P(0) = 100 I and final noise q = 10⁻⁶.
  ///
  /// The paper's η = 10⁻³ and P(0) = I learn far slower: P(0) is how far weights may move.
  public init(
    measurementNoise: MeasurementNoise = .learningRate(.constant(1)),
    processNoise: ValueSchedule = .constant(1e-6), epsilon: Double = 0.01,
    covariance: CovarianceForm = .full, innovation: Innovation = .shared,
    wildLabels: WildLabels = .off
  ) {
    self.measurementNoise = measurementNoise
    self.processNoise = processNoise
    self.epsilon = epsilon
    self.covariance = covariance
    self.innovation = innovation
    self.wildLabels = wildLabels
  }

  /// The covariance P of the parameters as a full matrix [n, n], for a program that runs on the state of
  /// a training run.
  public func covariance(of parameters: ParameterVector) -> Symbol {
    ParameterBlock.matrix(blocks(of: parameters).map { ($0.block, $0.covariance.value) })
  }

  private func blocks(
    of parameters: ParameterVector
  ) -> [(block: ParameterBlock, covariance: any BlockCovariance)] {
    covariance.blocks(
      of: parameters,
      CovarianceStart(epsilon: epsilon, forgets: measurementNoise.forgets))
  }

  /// One step: the weights, the covariance, the counts of steps and of rejected steps.
  public func step(for objective: Objective) -> Step {
    let counter = StepCounter()
    let rejected = Variable(
      "kalman.rejectedSteps", [], initializer: .constant(0), isTrainable: false)
    var updates: [Variable: Symbol] = [:]

    let noise: Symbol
    var forgetting: Variable?
    var measured: (noise: MeasuredNoise, variable: Variable)?
    switch measurementNoise {
    case .learningRate(let schedule): noise = 1 / schedule.value(at: counter.value)
    case .fading(let initial, _):
      let variable = Variable(
        "kalman.forgetting", [], initializer: .constant(initial), isTrainable: false)
      noise = variable.symbol
      forgetting = variable
    case .measured(let measurement):
      let variable = measurement.variable(of: objective.kind)
      noise = variable.symbol
      measured = (measurement, variable)
    }

    let blocks = blocks(of: objective.parameters)
    let jacobian = objective.jacobian
    var errors = objective.errors
    var parts = blocks.map { $0.block.columns(of: jacobian) }
    var products = zip(blocks, parts).map { $0.covariance.product($1) }
    var gateMonitors: [Monitor] = []
    var wild: Symbol?
    if wildLabels != .off {
      let gate = InnovationGate(
        wildLabels, kind: objective.kind, products, parts, errors, noise)
      (errors, parts, products) = (
        errors * gate.factors, parts.map { gate($0) }, products.map { gate($0) }
      )
      updates.merge(gate.updates) { $1 }
      (gateMonitors, wild) = ([gate.monitor(of: objective.kind)], gate.isWild)
    }
    let corrections: [KalmanCorrection] =
      switch innovation {
      case .shared: [KalmanCorrection(products, parts, errors, noise)]
      case .separate:
        zip(products, parts).map { KalmanCorrection([$0], [$1], errors, noise) }
      }
    let isGood = corrections.dropFirst().reduce(corrections[0].isGood) { $0 * $1.isGood }
    let accepted = corrections.flatMap { $0.accepted(isGood) }
    let change = ParameterBlock.vector(zip(blocks, accepted).map { ($0.block, $1.change) })
    updates.merge(objective.parameters.updates(to: objective.parameters.value - change)) { $1 }

    let whitening = (1 / noise).squareRoot()
    for (number, rows) in accepted.map(\.rows).enumerated() {
      let reduction = CovarianceReduction(
        rows: rows,
        whitenedJacobian: isGood.selected(parts[number])
          * whitening.broadcast(to: rows.shape, axes: []),
        forgetting: forgetting.map { isGood.select($0.symbol, .fill(1, .scalar)) },
        processNoise: processNoise.value(at: counter.value))
      updates.merge(blocks[number].covariance.reduced(by: reduction)) { $1 }
    }
    if let forgetting, case .fading(_, let nu) = measurementNoise {
      let memory = forgetting.symbol
      updates[forgetting] = isGood.select(nu * memory + (1 - nu), memory)
    }
    if let measured {
      updates[measured.variable] = measured.noise.next(after: noise, corrections, isGood)
    }
    updates[rejected] = rejected.symbol + (1 - isGood)
    updates[counter.variable] = counter.next
    let rest = corrections.dropFirst()
    return Step(
      updates: updates,
      monitors: [
        Monitor(
          measured == nil ? "measurementNoise" : "measurementNoise.\(objective.kind)", noise),
        Monitor(
          "normalizedInnovation.\(objective.kind)",
          rest.reduce(corrections[0].normalizedInnovation) { $0.maximum($1.normalizedInnovation) }),
        Monitor(
          "largestInnovation", rest.reduce(corrections[0].largest) { $0.maximum($1.largest) }),
        Monitor("smallestPivot", rest.reduce(corrections[0].smallest) { $0.minimum($1.smallest) }),
        Monitor(
          "rejectedSteps", rejected.symbol + (1 - isGood),
          alarms: [
            Monitor.Alarm(.above(0), sentence: Self.rejectionWarning),
            Monitor.Alarm(
              .rise(by: 0.9 * Double(Self.lifeSteps), steps: Self.lifeSteps), effect: .end,
              sentence: Self.deathSentence),
          ]),
      ] + gateMonitors, wildLabels: wild, remarks: [{ [remark = remark(on: blocks)] _ in remark }])
  }

  /// The memory of the covariance, in a sentence.
  private func remark(
    on blocks: [(block: ParameterBlock, covariance: any BlockCovariance)]
  ) -> String {
    let sizes = blocks.map(\.block.count)
    let (smallest, largest) = (sizes.min() ?? 0, sizes.max() ?? 0)
    let numbers = blocks.flatMap(\.covariance.variables).reduce(0) { $0 + $1.count }
    let range = smallest == largest ? "\(largest)" : "\(smallest) to \(largest)"
    let form = covariance.size.map { "\(covariance.name) of \($0)" } ?? covariance.name
    return "the covariance (\(form)) has \(blocks.count) block(s) of \(range) weights and keeps "
      + "\(numbers) numbers"
  }
}

extension ExtendedKalmanFilter {
  @Sendable private static func rejectionWarning(of count: Double, step: Int) -> String {
    "the filter has rejected \(Int(count)) step(s) up to step \(step), which changed no weight: its "
      + "covariance is not positive any more, or a result was not finite; look at the labels, or "
      + "start again with more processNoise or in float64"
  }

  /// The number of steps of which some change the weights, as long as the filter learns.
  private static let lifeSteps = 100

  @Sendable private static func deathSentence(of count: Double, step: Int) -> String {
    "the filter has rejected nearly all of the last \(lifeSteps) steps, and \(Int(count)) up to step "
      + "\(step): its covariance is not positive any more, or results are not finite; look at the "
      + "labels, or start again with a larger epsilon, a smaller learningRate, more processNoise or in "
      + "float64"
  }
}
