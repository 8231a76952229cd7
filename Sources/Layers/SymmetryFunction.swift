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

  /// `G12_i = Σ_j Z_j exp(-η (r_ij - r_s)²) f_c(r_ij)` over neighbours of all elements; type 12.
  case weightedRadial(WeightedRadialSymmetryFunction)

  /// As the narrow angular one over pairs of all elements, each times `Z_j Z_k`; type 13.
  case weightedAngular(WeightedAngularSymmetryFunction)

  /// `G20_i = Σ_j C(r_ij)`; type 20, or 23 over neighbours of all elements, each times `Z_j`.
  case compactRadial(CompactRadialSymmetryFunction)

  /// `G21_i = Σ_{j<k} C(r_ij) C(r_ik) C(r_jk) C(θ_jik)`; type 21, or 24 over pairs of all elements,
  /// each times `Z_j Z_k`.
  case compactNarrowAngular(CompactAngularSymmetryFunction)

  /// As the narrow one, without the factor `C(r_jk)`; type 22, or 25 over pairs of all elements.
  case compactWideAngular(CompactAngularSymmetryFunction)

  /// The number of the function's type in RuNNer's and n2p2's files.
  public var typeNumber: Int {
    switch self {
    case .radial: 2
    case .narrowAngular: 3
    case .wideAngular: 9
    case .weightedRadial: 12
    case .weightedAngular: 13
    case .compactRadial(let function): function.neighbor == nil ? 23 : 20
    case .compactNarrowAngular(let function): function.neighbors == nil ? 24 : 21
    case .compactWideAngular(let function): function.neighbors == nil ? 25 : 22
    }
  }

  /// The distance from which on neighbours do not count.
  public var radius: Double {
    switch self {
    case .compactRadial(let function): function.window.upper
    case .compactNarrowAngular(let function), .compactWideAngular(let function):
      function.window.upper
    default: cutoff?.radius ?? 0
    }
  }

  /// The cutoff that ends the function's reach; functions with compact support have none.
  public var cutoff: Cutoff? {
    switch self {
    case .radial(let function): function.cutoff
    case .narrowAngular(let function), .wideAngular(let function): function.cutoff
    case .weightedRadial(let function): function.cutoff
    case .weightedAngular(let function): function.cutoff
    case .compactRadial, .compactNarrowAngular, .compactWideAngular: nil
    }
  }

  /// Whether neighbours of all elements count, weighted by their atomic numbers.
  public var isWeighted: Bool {
    switch self {
    case .radial, .narrowAngular, .wideAngular: false
    case .weightedRadial, .weightedAngular: true
    case .compactRadial(let function): function.neighbor == nil
    case .compactNarrowAngular(let function), .compactWideAngular(let function):
      function.neighbors == nil
    }
  }

  /// Returns the same function with its parameters in a length unit of which an old one holds
  /// `factor`.
  public func scaled(byLength factor: Double) -> SymmetryFunction {
    switch self {
    case .radial(let function): .radial(function.scaled(byLength: factor))
    case .narrowAngular(let function): .narrowAngular(function.scaled(byLength: factor))
    case .wideAngular(let function): .wideAngular(function.scaled(byLength: factor))
    case .weightedRadial(let function): .weightedRadial(function.scaled(byLength: factor))
    case .weightedAngular(let function): .weightedAngular(function.scaled(byLength: factor))
    case .compactRadial(let function): .compactRadial(function.scaled(byLength: factor))
    case .compactNarrowAngular(let function):
      .compactNarrowAngular(function.scaled(byLength: factor))
    case .compactWideAngular(let function): .compactWideAngular(function.scaled(byLength: factor))
    }
  }
}
