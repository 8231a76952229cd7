/// One Behler-Parrinello symmetry function: a number that describes the surroundings of an atom.
///
/// The element of the central atom is not part of the value: a model holds one sorted list of
/// functions per element. All parameters are plain numbers in one length unit, that of the model
/// that owns the function; `scaled(byLength:)` converts. Elements are atomic numbers.
///
/// Source: J. Behler, J. Chem. Phys. 134, 074106 (2011); the type numbers are RuNNer's and n2p2's.
public enum SymmetryFunction: Hashable, Sendable, Codable {
  /// `G2_i = Σ_j exp(-η (r_ij - r_s)²) f_c(r_ij)`; type 2.
  case radial(RadialSymmetryFunction)

  /// `G3_i = 2^(1-ζ) Σ_{j<k} (1 + λ cos θ_jik)^ζ g(r_ij) g(r_ik) g(r_jk)` with
  /// `g(r) = exp(-η (r - r_s)²) f_c(r)`; type 3. Each unordered pair counts once.
  case narrowAngular(AngularSymmetryFunction)

  /// As the narrow one, without the factor `g(r_jk)`: pairs with `r_jk >= r_c` count; type 9.
  case wideAngular(AngularSymmetryFunction)

  /// The number of the function's type in RuNNer's and n2p2's files.
  public var typeNumber: Int {
    switch self {
    case .radial: 2
    case .narrowAngular: 3
    case .wideAngular: 9
    }
  }

  /// The window that ends the function's reach.
  public var cutoff: Cutoff {
    switch self {
    case .radial(let function): function.cutoff
    case .narrowAngular(let function), .wideAngular(let function): function.cutoff
    }
  }

  /// Returns the same function with its parameters in a length unit of which an old one holds
  /// `factor`.
  public func scaled(byLength factor: Double) -> SymmetryFunction {
    switch self {
    case .radial(let function): .radial(function.scaled(byLength: factor))
    case .narrowAngular(let function): .narrowAngular(function.scaled(byLength: factor))
    case .wideAngular(let function): .wideAngular(function.scaled(byLength: factor))
    }
  }
}

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

  /// Returns the same function with its parameters in another length unit.
  public func scaled(byLength factor: Double) -> RadialSymmetryFunction {
    RadialSymmetryFunction(
      neighbor: neighbor, eta: eta / (factor * factor), shift: shift * factor,
      cutoff: cutoff.scaled(byLength: factor))
  }
}

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

  /// Returns the same function with its parameters in another length unit.
  public func scaled(byLength factor: Double) -> AngularSymmetryFunction {
    AngularSymmetryFunction(
      neighbors: firstNeighbor, secondNeighbor, eta: eta / (factor * factor), lambda: lambda,
      zeta: zeta, shift: shift * factor, cutoff: cutoff.scaled(byLength: factor))
  }
}
