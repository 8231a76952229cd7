import Graph

/// Stochastic gradient descent with momentum: `u ← μ u + g`, `w ← w - η u`, with the gradient g of L₂.
public struct GradientDescent: Optimizer, Hashable {
  /// The learning rate η.
  public var learningRate: Schedule
  /// The momentum μ.
  public var momentum: Double
  /// The largest norm of the gradient, if it is clipped.
  public var clipNorm: Double?

  /// Makes gradient descent, by default without momentum and clipping.
  public init(learningRate: Schedule, momentum: Double = 0, clipNorm: Double? = nil) {
    self.learningRate = learningRate
    self.momentum = momentum
    self.clipNorm = clipNorm
  }

  /// One step: the velocity, the weights and the count of steps.
  public func step(for objective: Objective) -> Step {
    let counter = StepCounter()
    let velocity = Variable(
      "gradientDescent.velocity", [objective.parameters.count], initializer: .constant(0),
      isTrainable: false)
    let (gradient, norm) = clipped(
      objective.gradient(of: objective.squaredError), toNorm: clipNorm)
    let eta = learningRate.value(at: counter.value)
    let u = momentum * velocity.symbol + gradient
    var updates = objective.parameters.updates(to: objective.parameters.value - eta * u)
    updates[velocity] = u
    updates[counter.variable] = counter.next
    return Step(updates: updates, monitors: [("gradientNorm", norm), ("learningRate", eta)])
  }
}
