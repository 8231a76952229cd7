import Foundation
import Graph

/// A running mean of the weights over the last steps, with which models are evaluated and saved.
///
///     a ← d a + (1 - d) w        mean = a / (1 - dᵗ)
///
/// after each of t steps; the quotient corrects that a starts at zero. About `1 / (1 - d)` steps count
/// (Polyak and Juditsky 1992; Izmailov et al. 2018). The mean takes no part in the training.
struct WeightAverage {
  private let parameters: ParameterVector
  private let decay: Double
  private let sum: Variable
  private let count = Variable(
    "weights.averagedSteps", [], initializer: .constant(0), isTrainable: false)

  /// Averages parameters with the factor d.
  init(_ parameters: ParameterVector, decay: Double) {
    (self.parameters, self.decay) = (parameters, decay)
    sum = Variable(
      "weights.average", [parameters.count], initializer: .constant(0), isTrainable: false)
  }

  /// The mean of each parameter; before the first step the parameter itself.
  var values: [Variable: Symbol] {
    let correction = 1 - (count.symbol * log(decay)).exp()
    let mean = sum.symbol / correction
    let isStart = count.symbol.isEqual(to: 0).broadcast(to: mean.shape, axes: [])
    return parameters.updates(to: isStart.select(parameters.value, mean))
  }

  /// A step that averages as well.
  func following(_ step: Step) -> Step {
    let weights = parameters.variables.map { step.updates[$0] ?? $0.symbol }
    let vector = Symbol.concatenating(weights.map { $0.flattened() }, axis: 0)
    var step = step
    step.updates[sum] = decay * sum.symbol + (1 - decay) * vector
    step.updates[count] = count.symbol + 1
    return step
  }
}
