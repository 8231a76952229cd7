import Graph

/// The part of a step that the optimizers of gradients share: the gradient of L₂, clipped if a bound is
/// given, the learning rate and the count of steps.
struct GradientStep {
  /// The gradient g [n] of L₂.
  let gradient: Symbol
  /// The learning rate η, a scalar.
  let rate: Symbol
  /// The count of steps.
  let counter = StepCounter()
  private let objective: Objective
  private let norm: Symbol
  private let plateau: Plateau?

  init(
    _ objective: Objective, learningRate: ValueSchedule, plateau: Plateau?,
    clipNorm: GradientClipping?
  ) {
    (self.objective, self.plateau) = (objective, plateau)
    (gradient, norm) = objective.parameters.clipped(
      objective.gradient(of: objective.squaredError), by: clipNorm)
    rate = Self.rate(learningRate, plateau, counter)
  }

  /// Another learning rate of the same step.
  func rate(_ schedule: ValueSchedule) -> Symbol { Self.rate(schedule, plateau, counter) }

  private static func rate(
    _ schedule: ValueSchedule, _ plateau: Plateau?, _ counter: StepCounter
  ) -> Symbol {
    let value = schedule.value(at: counter.value)
    return plateau.map { $0.scale.symbol * value } ?? value
  }

  /// The step that subtracts a change [n] from the weights and keeps memory.
  func subtracting(_ change: Symbol, memory: [Variable: Symbol]) -> Step {
    let parameters = objective.parameters
    var updates = parameters.updates(to: parameters.value - change)
    updates.merge(memory) { $1 }
    updates[counter.variable] = counter.next
    return Step(
      updates: updates, updatesAtEvaluation: plateau?.updates ?? [:],
      monitors: [Monitor("gradientNorm", norm), Monitor("learningRate", rate)])
  }
}
