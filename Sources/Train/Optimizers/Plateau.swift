import Atomistic
import Graph

/// A learning rate that falls by a factor each time the validation loss has not fallen for some
/// evaluations in a row.
///
/// The loss is known at evaluations alone, so a run that evaluates at other steps is another run.
public struct Plateau: Sendable, Hashable {
  /// The factor, between 0 and 1.
  public var factor: Double
  /// The number of evaluations in a row without a new smallest loss.
  public var patience: Int

  /// Makes a plateau, by default of half the rate after ten evaluations.
  public init(factor: Double = 0.5, patience: Int = 10) {
    (self.factor, self.patience) = (factor, patience)
  }

  /// The product of the factors so far, a scalar that starts at 1.
  var scale: Variable { Self.variable("scale", 1) }

  /// The new values at an evaluation: of the scale, the smallest loss, and the evaluations since.
  var updates: [Variable: Symbol] {
    // Below zero before the first evaluation.
    let (smallest, waited) = (Self.variable("smallestLoss", 0), Self.variable("waited", -1))
    let loss = Step.validationLoss
    let isFirst = waited.symbol.isLess(than: 0)
    let isBetter = isFirst.maximum(loss.isLess(than: smallest.symbol))
    let count = isBetter.select(.fill(0, .scalar), waited.symbol + 1)
    let isDue = count.isGreaterOrEqual(to: Double(patience))
    return [
      scale: scale.symbol * isDue.select(.fill(factor, .scalar), .fill(1, .scalar)),
      smallest: isBetter.select(loss, smallest.symbol),
      waited: isDue.select(.fill(0, .scalar), count),
    ]
  }

  private static func variable(_ suffix: String, _ value: Double) -> Variable {
    Variable("plateau.\(suffix)", [], initializer: .constant(value), isTrainable: false)
  }
}

extension Plateau: Codable {
  private enum CodingKeys: String, CodingKey { case factor, patience }

  /// Decodes a plateau; an absent key means the value of `init`.
  ///
  /// Throws `DecodingError` for a factor that is not between 0 and 1, and a patience below 1.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init()
    factor = try container.decode(.factor, default: factor)
    patience = try container.decode(.patience, default: patience)
    try container.requirePositive(factor, .factor)
    try container.requireFraction(factor, .factor)
    try container.requirePositive(patience, .patience)
  }
}
