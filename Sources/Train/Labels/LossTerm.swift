public import Atomistic
import Tensors

/// One property of the loss `L = Σ c/n Σ (ŷ - y)²`, with its factor.
public struct LossTerm: Sendable {
  /// The property.
  public let property: Property
  /// The factor c, in one over the square of the property's unit.
  public let weight: Double

  /// Makes a term.
  public init(_ property: Property, weight: Double = 1) {
    ensure(
      weight > 0 && weight.isFinite,
      "LossTerm: the weight of \(property.name) must be positive, not \(weight)")
    self.property = property
    self.weight = weight
  }
}
