import Atomistic
import Graph

/// The noise of measurements as the filter finds it in its own residuals, one number r for each kind of
/// label: `R = r I`.
///
/// A step turns the innovation ξ into the residual `ε = (I - J K) ξ = r A⁻¹ ξ`, and leaves the
/// uncertainty `J P⁺ Jᵀ = r I - r² A⁻¹` of the predictions. The mean of `ε_i² + (J P⁺ Jᵀ)_ii` over the
/// labels of a step estimates r, and cannot be negative (Mehra 1970; Mohamed and Schwarz 1999). A mean of
/// these over some steps runs along, by a factor of 2^(±1/100) a step at most and not below a floor. It rests
/// while the innovations are far beyond what A expects, `ξᵀ A⁻¹ ξ / m` above 5, since wild labels or a P that
/// is too small are no noise.
///
/// The numbers take the place of a learning rate and of the weights of the kinds of label in the loss.
public struct MeasuredNoise: Sendable, Hashable {
  /// The first r: the variance of labels before anything is known of them, in the unit of ξ².
  public var initial: Double
  /// The smallest r, in the unit of ξ².
  public var floor: Double
  /// The number of steps of a kind over which the mean runs.
  public var memory: Double

  /// Makes a noise that is measured.
  public init(initial: Double = 1, floor: Double = 1e-8, memory: Double = 100) {
    (self.initial, self.floor, self.memory) = (initial, floor, memory)
  }

  /// The largest factor of a step.
  private static let largestFactor = 1.006955550056719  // 2^(1/100)
  /// The largest `ξᵀ A⁻¹ ξ / m` that tells of noise.
  private static let largestInnovation = 5.0

  /// The variable r of a kind.
  func variable(of kind: String) -> Variable {
    Variable(
      "kalman.\(kind).noise", [], initializer: .constant(initial), isTrainable: false)
  }

  /// The next r after a step with some corrections of which each explains the errors by itself.
  func next(after noise: Symbol, _ corrections: [KalmanCorrection], _ isGood: Symbol) -> Symbol {
    let count = Double(corrections.count)
    let estimates = corrections.map { $0.noiseEstimate(noise) }
    let estimate = estimates.dropFirst().reduce(estimates[0], +) / count
    let shares = corrections.map(\.normalizedInnovation)
    let share = shares.dropFirst().reduce(shares[0], +) / count
    let rate = 1 / memory
    let mean = noise + rate * (estimate - noise)
    let bounded = mean.minimum(Self.largestFactor * noise).maximum(noise / Self.largestFactor)
      .maximum(floor)
    let isTrusted = isGood * share.isLess(than: Self.largestInnovation)
    return isTrusted.select(bounded, noise)
  }
}

extension MeasuredNoise: Codable {
  private enum CodingKeys: String, CodingKey { case initial, floor, memory }

  /// Decodes an object such as `{ initial: 1, floor: 1e-8, memory: 100 }`, of which each key may be absent.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init()
    initial = try container.decode(.initial, default: initial)
    floor = try container.decode(.floor, default: floor)
    memory = try container.decode(.memory, default: memory)
    try container.requirePositive(initial, .initial)
    try container.requirePositive(floor, .floor)
    try container.require(
      memory >= 1, .memory, "the mean runs over one step at least, but here is \(memory).")
  }
}

extension KalmanCorrection {
  /// `ξᵀ A⁻¹ ξ / m = |z|² / m`, which is 1 on average where R and P are right.
  var normalizedInnovation: Symbol { gain.square().mean() }

  /// The mean of `ε_i² + (J P⁺ Jᵀ)_ii`, see `MeasuredNoise`.
  fileprivate func noiseEstimate(_ noise: Symbol) -> Symbol {
    let inverse = factor.triangularSolve(.identity(gain.shape[0]))
    let residual = noise * inverse.matmul(gain, transposed: true)
    let uncertainty = noise - noise * noise * inverse.square().sum(along: 0)
    return (residual.flattened().square() + uncertainty).mean()
  }
}
