/// The parameters of a radial symmetry function.
public struct RadialSymmetryFunction: Hashable, Sendable, Codable {
  /// The atomic number of the neighbours that count.
  public let neighbor: Int
  /// The width `η` of the Gaussian, one over length squared.
  public let eta: Double
  /// The centre `r_s` of the Gaussian.
  public let shift: Double
  /// The window `f_c`.
  public let cutoff: Cutoff

  /// Makes a radial function of neighbours of one element.
  public init(neighbor: Int, eta: Double, shift: Double = 0, cutoff: Cutoff) {
    self.neighbor = neighbor
    self.eta = eta
    self.shift = shift
    self.cutoff = cutoff
  }

  /// Decodes a function.
  ///
  /// Throws `DecodingError` for a neighbour that is no element and a negative width.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      neighbor: try container.element(.neighbor), eta: try container.width(.eta),
      shift: try container.decode(Double.self, forKey: .shift),
      cutoff: try container.decode(Cutoff.self, forKey: .cutoff))
  }

  /// Returns the same function with its parameters in another length unit.
  public func scaled(byLength factor: Double) -> RadialSymmetryFunction {
    RadialSymmetryFunction(
      neighbor: neighbor, eta: eta / (factor * factor), shift: shift * factor,
      cutoff: cutoff.scaled(byLength: factor))
  }
}
