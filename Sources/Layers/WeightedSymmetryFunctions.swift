/// The parameters of a radial symmetry function that counts each neighbour by its atomic number.
///
/// Source: M. Gastegger et al., J. Chem. Phys. 148, 241709 (2018).
public struct WeightedRadialSymmetryFunction: Hashable, Sendable, Codable {
  /// The width `η` of the Gaussian, one over length squared.
  public let eta: Double
  /// The centre `r_s` of the Gaussian.
  public let shift: Double
  /// The window `f_c`.
  public let cutoff: Cutoff

  /// Makes a radial function of neighbours of all elements.
  public init(eta: Double, shift: Double = 0, cutoff: Cutoff) {
    self.eta = eta
    self.shift = shift
    self.cutoff = cutoff
  }

  /// Decodes a function.
  ///
  /// Throws `DecodingError` for a negative width.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      eta: try container.width(.eta), shift: try container.decode(Double.self, forKey: .shift),
      cutoff: try container.decode(Cutoff.self, forKey: .cutoff))
  }

  /// Returns the same function with its parameters in another length unit.
  public func scaled(byLength factor: Double) -> WeightedRadialSymmetryFunction {
    WeightedRadialSymmetryFunction(
      eta: eta / (factor * factor), shift: shift * factor, cutoff: cutoff.scaled(byLength: factor))
  }
}

/// The parameters of an angular symmetry function that counts each pair of neighbours by the product
/// of their atomic numbers.
///
/// Source: M. Gastegger et al., J. Chem. Phys. 148, 241709 (2018).
public struct WeightedAngularSymmetryFunction: Hashable, Sendable, Codable {
  /// The width `η` of the Gaussians, one over length squared.
  public let eta: Double
  /// The sign `λ` of the cosine, 1 or -1 in practice.
  public let lambda: Double
  /// The exponent `ζ` of the angular part.
  public let zeta: Double
  /// The centre `r_s` of the Gaussians.
  public let shift: Double
  /// The window `f_c`.
  public let cutoff: Cutoff

  /// Makes an angular function of pairs of neighbours of all elements.
  public init(eta: Double, lambda: Double, zeta: Double, shift: Double = 0, cutoff: Cutoff) {
    self.eta = eta
    self.lambda = lambda
    self.zeta = zeta
    self.shift = shift
    self.cutoff = cutoff
  }

  /// Decodes a function.
  ///
  /// Throws `DecodingError` for a negative width and an exponent that is not positive.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      eta: try container.width(.eta), lambda: try container.decode(Double.self, forKey: .lambda),
      zeta: try container.exponent(.zeta),
      shift: try container.decode(Double.self, forKey: .shift),
      cutoff: try container.decode(Cutoff.self, forKey: .cutoff))
  }

  /// Returns the same function with its parameters in another length unit.
  public func scaled(byLength factor: Double) -> WeightedAngularSymmetryFunction {
    WeightedAngularSymmetryFunction(
      eta: eta / (factor * factor), lambda: lambda, zeta: zeta, shift: shift * factor,
      cutoff: cutoff.scaled(byLength: factor))
  }
}
