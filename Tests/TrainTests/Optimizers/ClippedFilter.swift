import Graph
import Train

/// An optimizer as another package would write it: a Kalman filter whose changes have a largest norm.
struct ClippedFilter: Optimizer {
  static let kind = "clippedFilter"

  var learningRate = ValueSchedule.constant(1)
  var processNoise = ValueSchedule.constant(1e-6)
  var clipNorm = 1.0

  init(processNoise: ValueSchedule = .constant(1e-6), clipNorm: Double = 1) {
    (self.processNoise, self.clipNorm) = (processNoise, clipNorm)
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    learningRate = try container.decode(.learningRate, default: learningRate)
    processNoise = try container.decode(.processNoise, default: processNoise)
    clipNorm = try container.decode(.clipNorm, default: clipNorm)
    try container.requirePositive(learningRate, .learningRate)
    try container.requireNotNegative(processNoise, .processNoise)
    try container.requirePositive(clipNorm, .clipNorm)
  }

  func step(for objective: Objective) -> Step {
    let counter = StepCounter()
    let covariance = Covariance(Self.kind, count: objective.parameters.count, epsilon: 0.01)
    let (errors, jacobian) = (objective.errors, objective.jacobian)
    let labels = errors.shape[0]
    let noise = 1 / learningRate.value(at: counter.value)
    let product = covariance.product(jacobian)
    let factor =
      (product.matmul(jacobian, otherTransposed: true) + noise * .identity(labels)).cholesky()
    let rows = factor.triangularSolve(product)
    let gain = factor.triangularSolve(errors.reshaped([labels, 1]))
    let (change, norm) = clipped(
      gain.matmul(rows, transposed: true).flattened(), toNorm: clipNorm)
    var updates = objective.parameters.updates(to: objective.parameters.value - change)
    updates.merge(
      covariance.reduced(by: rows, noise: processNoise.value(at: counter.value))
    ) { $1 }
    updates[counter.variable] = counter.next
    let alarm = Monitor.Alarm(.above(clipNorm)) { "a change of norm \($0) at step \($1) was cut" }
    return Step(updates: updates, monitors: [Monitor("change", norm, alarms: [alarm])])
  }
}
