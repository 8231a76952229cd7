public import Graph
import Tensors

/// A tensor of the direction of a pair, in as many components as its rank says.
public enum DirectionTensor: String, Hashable, Sendable, Codable, CaseIterable {
  /// The unit vector, `u = d / |d|`: 3 components.
  case vector
  /// The five real spherical harmonics of degree 2, normalized to `Σ_m t_m² = 1` for every direction:
  /// `√3 (xy, yz, zx), √3/2 (x² - y²), (3z² - 1)/2` of u = (x, y, z).
  case quadrupole
  /// `x² - 1/3, y² - 1/3, xy, xz, yz` of u, which PiNN 2.0 takes for rank 5. The sum of its squares
  /// depends on the direction, so energies made from it change when a structure turns.
  case unevenQuadrupole

  /// The number of components.
  public var components: Int { self == .vector ? 3 : 5 }

  /// Returns the tensor of unit vectors, [pairs, 3] to [pairs, components].
  public func callAsFunction(_ unit: Symbol) -> Symbol {
    if self == .vector { return unit }
    let (x, y, z) = (
      unit.slice(0, count: 1, axis: 1), unit.slice(1, count: 1, axis: 1),
      unit.slice(2, count: 1, axis: 1)
    )
    if self == .unevenQuadrupole {
      // The unit vector's length enters, so that derivatives are those of PiNN.
      let trace = (x * x + y * y + z * z) * (1 / 3.0)
      return .concatenating([x * x - trace, y * y - trace, x * y, x * z, y * z], axis: 1)
    }
    let root = 3.0.squareRoot()
    return .concatenating(
      [
        root * (x * y), root * (y * z), root * (z * x), (root / 2) * (x * x - y * y),
        z * z - 0.5 * (x * x + y * y),
      ], axis: 1)
  }
}
