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

  /// Makes a filter with η = 1 and n2p2's P(0) = 100 I and final noise q = 10⁻⁶.
  ///
  /// The paper's η = 10⁻³ and P(0) = I learn far slower: P(0) is how far weights may move.
  public init(
    measurementNoise: MeasurementNoise = .learningRate(.constant(1)),
    processNoise: ValueSchedule = .constant(1e-6), epsilon: Double = 0.01
  ) {
    self.measurementNoise = measurementNoise
    self.processNoise = processNoise
    self.epsilon = epsilon
  }

  /// The covariance P of the parameters as a full matrix [n, n], for a program that runs on the state of
  /// a training run.
  public func covariance(of parameters: ParameterVector) -> Symbol {
    covariance(parameters.count).value
  }

  private func covariance(_ n: Int) -> Covariance {
    Covariance(count: n, epsilon: epsilon, forgets: measurementNoise.forgets)
  }

  /// One step: the weights, the covariance, the counts of steps and of rejected steps.
  public func step(for objective: Objective) -> Step {
    let counter = StepCounter()
    let rejected = Variable(
      "kalman.rejectedSteps", [], initializer: .constant(0), isTrainable: false)
    let errors = objective.errors
    let labels = errors.shape[0]
    var updates: [Variable: Symbol] = [:]

    let noise: Symbol
    var forgetting: Variable?
    switch measurementNoise {
    case .learningRate(let schedule): noise = 1 / schedule.value(at: counter.value)
    case .fading(let initial, _):
      let variable = Variable(
        "kalman.forgetting", [], initializer: .constant(initial), isTrainable: false)
      noise = variable.symbol
      forgetting = variable
    }

    let covariance = covariance(objective.parameters.count)
    let jacobian = objective.jacobian
    let product = covariance.product(jacobian)
    let innovation =
      product.matmul(jacobian, otherTransposed: true) + noise * .identity(labels)
    let factor = innovation.cholesky()
    let whitened = factor.triangularSolve(product)
    let scaled = factor.triangularSolve(errors.reshaped([labels, 1]))
    let pivots = (factor * .identity(labels)).sum(along: 1).square()
    let largest = (innovation * .identity(labels)).sum(along: 1).maximum(along: 0)
    let smallest = pivots.minimum(along: 0)
    let isPositive = smallest.isGreater(than: 0.5 * noise - 1e-6 * largest)
    let isGood = allFinite(scaled) * allFinite(whitened) * isPositive

    let rows = isGood.broadcast(to: whitened.shape, axes: []).select(
      whitened, .fill(0, whitened.shape))
    let gain = isGood.broadcast(to: scaled.shape, axes: []).select(scaled, .fill(0, scaled.shape))
    let change = gain.matmul(rows, transposed: true).flattened()
    updates.merge(objective.parameters.updates(to: objective.parameters.value - change)) { $1 }
    updates.merge(
      covariance.reduced(
        by: rows, forgetting: forgetting.map { isGood.select($0.symbol, .fill(1, .scalar)) },
        noise: processNoise.value(at: counter.value))
    ) { $1 }
    if let forgetting, case .fading(_, let nu) = measurementNoise {
      let memory = forgetting.symbol
      updates[forgetting] = isGood.select(nu * memory + (1 - nu), memory)
    }
    updates[rejected] = rejected.symbol + (1 - isGood)
    updates[counter.variable] = counter.next
    return Step(
      updates: updates,
      monitors: [
        Monitor("measurementNoise", noise),
        Monitor("largestInnovation", largest), Monitor("smallestPivot", smallest),
        Monitor(
          "rejectedSteps", rejected.symbol + (1 - isGood),
          alarms: [
            Monitor.Alarm(.above(0), sentence: Self.rejectionWarning),
            Monitor.Alarm(
              .rise(by: 0.9 * Double(Self.lifeSteps), steps: Self.lifeSteps), effect: .end,
              sentence: Self.deathSentence),
          ]),
      ])
  }
}

extension ExtendedKalmanFilter {
  /// P(0) and the first λ.
  public func initialOption(differingFrom other: Self) -> String? {
    if epsilon != other.epsilon { return "epsilon" }
    if case .fading(let initial, _) = measurementNoise,
      case .fading(let former, _) = other.measurementNoise, initial != former
    {
      return "fading.initial"
    }
    return nil
  }

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

  private enum CodingKeys: String, CodingKey { case learningRate, fading, processNoise, epsilon }

  /// The memory that fades, in place of a learning rate.
  private struct Fading: Codable {
    var initial: Double
    var nu: Double
  }

  /// Decodes a filter; an absent key means the value of `init`.
  ///
  /// Throws `DecodingError` for a value out of range, and for a learning rate beside fading.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init()
    if let fading = try container.decodeIfPresent(Fading.self, forKey: .fading) {
      for number in [fading.initial, fading.nu] {
        try container.require(
          number > 0 && number <= 1, .fading,
          "initial and nu must be above 0 and at most 1, but here is \(number).")
      }
      try container.require(
        !container.contains(.learningRate)
          || container.decodeNil(forKey: .learningRate), .fading,
        "give a learningRate or fading, not both.")
      measurementNoise = .fading(initial: fading.initial, nu: fading.nu)
    } else {
      let rate = try container.decode(.learningRate, default: ValueSchedule.constant(1))
      try container.requirePositive(rate, .learningRate)
      measurementNoise = .learningRate(rate)
    }
    processNoise = try container.decode(.processNoise, default: processNoise)
    epsilon = try container.decode(.epsilon, default: epsilon)
    try container.requireNotNegative(processNoise, .processNoise)
    try container.requirePositive(epsilon, .epsilon)
  }

  /// Encodes all keys; that of the noise not chosen is null.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch measurementNoise {
    case .learningRate(let rate):
      try container.encode(rate, forKey: .learningRate)
      try container.encodeNil(forKey: .fading)
    case .fading(let initial, let nu):
      try container.encodeNil(forKey: .learningRate)
      try container.encode(Fading(initial: initial, nu: nu), forKey: .fading)
    }
    try container.encode(processNoise, forKey: .processNoise)
    try container.encode(epsilon, forKey: .epsilon)
  }
}
