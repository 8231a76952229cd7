import Foundation
import Graph

/// Adam (Kingma and Ba 2015; Shao et al. 2021, algorithm 1).
///
///     m ← β₁ m + (1 - β₁) g        v ← β₂ v + (1 - β₂) g²
///     w ← w - η √(1 - β₂ᵗ) / (1 - β₁ᵗ) · m / (√v + ε)
///
/// for steps t = 1, 2, … and the gradient g of L₂, clipped by its norm if a bound is given. This is
/// TensorFlow's "epsilon hat": ε is added to √v without its bias correction.
public struct Adam: Optimizer, Hashable {
  /// `adam`.
  public static let kind = "adam"

  /// The learning rate η.
  public var learningRate: ValueSchedule
  /// The decay β₁ of the first moment.
  public var firstDecay: Double
  /// The decay β₂ of the second moment.
  public var secondDecay: Double
  /// The number ε that keeps the quotient finite.
  public var epsilon: Double
  /// The largest norm of the gradient, if it is clipped.
  public var clipNorm: Double?

  /// Makes Adam with β₁ = 0.9, β₂ = 0.999 and ε = 10⁻⁷ unless others are given, and no clipping.
  public init(
    learningRate: ValueSchedule, firstDecay: Double = 0.9, secondDecay: Double = 0.999,
    epsilon: Double = 1e-7, clipNorm: Double? = nil
  ) {
    self.learningRate = learningRate
    self.firstDecay = firstDecay
    self.secondDecay = secondDecay
    self.epsilon = epsilon
    self.clipNorm = clipNorm
  }

  /// One step: two moments, the weights and the count of steps.
  public func step(for objective: Objective) -> Step {
    let n = objective.parameters.count
    let counter = StepCounter()
    let firstMoment = Variable(
      "adam.firstMoment", [n], initializer: .constant(0), isTrainable: false)
    let secondMoment = Variable(
      "adam.secondMoment", [n], initializer: .constant(0), isTrainable: false)

    let (gradient, norm) = clipped(
      objective.gradient(of: objective.squaredError), toNorm: clipNorm)
    let m = firstDecay * firstMoment.symbol + (1 - firstDecay) * gradient
    let v = secondDecay * secondMoment.symbol + (1 - secondDecay) * gradient * gradient
    let t = counter.next
    // β^t as exp(t log β): the number of steps is a symbol.
    let firstCorrection = 1 - (t * log(firstDecay)).exp()
    let secondCorrection = (1 - (t * log(secondDecay)).exp()).squareRoot()
    let eta = learningRate.value(at: counter.value)
    let update = (eta * secondCorrection / firstCorrection) * m / (v.squareRoot() + epsilon)
    var updates = objective.parameters.updates(to: objective.parameters.value - update)
    updates[firstMoment] = m
    updates[secondMoment] = v
    updates[counter.variable] = t
    return Step(
      updates: updates, monitors: [Monitor("gradientNorm", norm), Monitor("learningRate", eta)])
  }
}

extension Adam {
  private enum CodingKeys: String, CodingKey {
    case learningRate, firstDecay, secondDecay, epsilon, clipNorm
  }

  /// Decodes Adam; an absent key means the value of `init`, for the learning rate 10⁻³.
  ///
  /// Throws `DecodingError` for a value out of range.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(learningRate: try container.decode(.learningRate, default: .constant(1e-3)))
    firstDecay = try container.decode(.firstDecay, default: firstDecay)
    secondDecay = try container.decode(.secondDecay, default: secondDecay)
    epsilon = try container.decode(.epsilon, default: epsilon)
    clipNorm = try container.decodeIfPresent(Double.self, forKey: .clipNorm)
    try container.requirePositive(learningRate, .learningRate)
    try container.requireFraction(firstDecay, .firstDecay)
    try container.requireFraction(secondDecay, .secondDecay)
    try container.requirePositive(epsilon, .epsilon)
    if let clipNorm { try container.requirePositive(clipNorm, .clipNorm) }
  }

  /// Encodes all keys, the bound of the norm as null if there is none.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(learningRate, forKey: .learningRate)
    try container.encode(firstDecay, forKey: .firstDecay)
    try container.encode(secondDecay, forKey: .secondDecay)
    try container.encode(epsilon, forKey: .epsilon)
    try container.encode(clipNorm, forKey: .clipNorm)
  }
}
