/// The parameters of an angular symmetry function.
public struct AngularSymmetryFunction: Hashable, Sendable, Codable {
  /// The atomic number of one neighbour of a pair, not above `secondNeighbor`.
  public let firstNeighbor: Int
  /// The atomic number of the other neighbour of a pair.
  public let secondNeighbor: Int
  /// The width `η` of the Gaussians, one over length squared.
  public let eta: Double
  /// The sign `λ` of the cosine, 1 or -1 in practice.
  public let lambda: Double
  /// The exponent `ζ` of the angular part.
  public let zeta: Double
  /// The largest exponent `ζ` that has a meaning: beyond it, `2^(1-ζ)` and `(1 + λ cos θ)^ζ` leave the
  /// range of a double.
  public static let largestZeta = 1000.0
  /// The centre `r_s` of the Gaussians.
  public let shift: Double
  /// The window `f_c`.
  public let cutoff: Cutoff

  /// Makes an angular function of pairs of neighbours; the order of the two elements is free.
  public init(
    neighbors first: Int, _ second: Int, eta: Double, lambda: Double, zeta: Double,
    shift: Double = 0, cutoff: Cutoff
  ) {
    self.firstNeighbor = min(first, second)
    self.secondNeighbor = max(first, second)
    self.eta = eta
    self.lambda = lambda
    self.zeta = zeta
    self.shift = shift
    self.cutoff = cutoff
  }

  /// Decodes a function.
  ///
  /// Throws `DecodingError` for a neighbour that is no element, a negative width and an exponent that is
  /// not positive.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      neighbors: try container.element(.firstNeighbor), try container.element(.secondNeighbor),
      eta: try container.width(.eta), lambda: try container.decode(Double.self, forKey: .lambda),
      zeta: try container.exponent(.zeta),
      shift: try container.decode(Double.self, forKey: .shift),
      cutoff: try container.decode(Cutoff.self, forKey: .cutoff))
  }

  /// Returns the same function with its parameters in another length unit.
  public func scaled(byLength factor: Double) -> AngularSymmetryFunction {
    AngularSymmetryFunction(
      neighbors: firstNeighbor, secondNeighbor, eta: eta / (factor * factor), lambda: lambda,
      zeta: zeta, shift: shift * factor, cutoff: cutoff.scaled(byLength: factor))
  }
}
