public import Layers

/// The choices that PiNet and PiNet2 share, with the names and defaults of PiNN 2.0.
public struct PiNetSettings: Codable, Equatable, Sendable {
  /// The cutoff functions, by PiNN's names.
  public enum CutoffName: String, Codable, CaseIterable, Sendable {
    /// `(cos(πr/r_c) + 1) / 2`.
    case f1
    /// `tanh³(1 - r/r_c) / tanh³ 1`.
    case f2
    /// `cos²(πr/2r_c)`, the same function as f1.
    case hip

    var function: CutoffFunction { self == .f2 ? .normalizedTanhCubed : .cosine }
  }

  /// The kinds of functions of the distance.
  public enum Basis: String, Codable, CaseIterable, Sendable {
    /// Powers of the cutoff function, `f_c(r)^b` with b = 1, 2, ….
    case polynomial
    /// `exp(-γ (r - c_b)²) f_c(r)` with centres at equal distances from 0 to the cutoff.
    case gaussian
  }

  /// The elements; without them those of the training structures.
  public var elements: [Element]?
  /// The distance in angstrom from which on atoms do not interact.
  public var cutoff = 4.0
  /// The cutoff function.
  public var cutoffFunction = CutoffName.f1
  /// The kind of functions of the distance.
  public var basis = Basis.polynomial
  /// The number of functions of the distance.
  public var basisCount = 4
  /// The exponents of a polynomial basis, instead of `basisCount`.
  public var exponents: [Double]?
  /// The prefactor γ of a Gaussian basis, in 1/angstrom².
  public var gamma = 3.0
  /// The centres of a Gaussian basis in angstrom, instead of `basisCount`.
  public var centers: [Double]?
  /// The prefactors of a Gaussian basis with centres, one for each, instead of `gamma`.
  public var gammas: [Double]?
  /// The number of blocks.
  public var depth = 4
  /// The nodes of the layers from properties to properties.
  public var pp = [16, 16]
  /// The nodes of the layers from properties of both ends to interactions.
  public var pi = [16, 16]
  /// The nodes of the layers from interactions to interactions.
  public var ii = [16, 16]
  /// The nodes of the layers from properties to the energy, which have no activation.
  public var out = [16, 16]
  /// The function of all layers but those to the energy; it should be zero at zero, or energies jump
  /// at the cutoff.
  public var activation = Activation.tanh

  /// Makes the standard choice.
  public init() {}

  /// The functions of distances, [pairs] to [pairs, basis].
  var radialBasis: RadialBasis {
    let window = Cutoff(cutoffFunction.function, radius: cutoff)
    switch basis {
    case .polynomial:
      let exponents = exponents ?? (0..<basisCount).map { Double($0 + 1) }
      return .powers(CutoffPowers(exponents: exponents, cutoff: window))
    case .gaussian:
      let spacing = cutoff / Double(max(1, basisCount - 1))
      let centers = centers ?? (0..<basisCount).map { Double($0) * spacing }
      return .gaussians(
        GaussianBasis(
          centers: centers, widths: gammas ?? centers.map { _ in gamma }, cutoff: window))
    }
  }

  /// The most functions of the distance, and the most blocks: no network has so many, and numbers beyond
  /// them are mistakes that would take all memory.
  static let (mostFunctions, mostBlocks) = (1000, 100)

  /// Refuses what makes no network.
  ///
  /// - Throws: A `SettingsError` that names the key.
  func check() throws {
    func require(_ isMet: Bool, _ sentence: @autoclosure () -> String) throws {
      if !isMet { throw SettingsError(sentence()) }
    }
    try require(
      cutoff > 0 && cutoff.isFinite, "cutoff: it must be larger than 0, but is \(cutoff)")
    try require(
      (1...Self.mostBlocks).contains(depth),
      "depth: 1 to \(Self.mostBlocks) blocks are possible, not \(depth)")
    for (key, nodes) in [("pp", pp), ("pi", pi), ("ii", ii), ("out", out)] {
      try require(
        nodes.allSatisfy { (1...100_000).contains($0) },
        "\(key): layers have 1 to 100000 nodes, not \(nodes)")
    }
    try require(!pi.isEmpty, "pi: at least one layer is needed")
    let functions = (basis == .polynomial ? exponents?.count : centers?.count) ?? basisCount
    try require(
      (1...Self.mostFunctions).contains(functions),
      "basisCount: 1 to \(Self.mostFunctions) functions are possible, not \(functions)")
    try require(
      exponents?.allSatisfy { $0 > 0 && $0.isFinite } != false,
      "exponents: they must be larger than 0")
    try require(
      centers?.allSatisfy(\.isFinite) != false && gamma >= 0 && gamma.isFinite,
      "gamma: it must not be negative, but is \(gamma)")
    try require(
      gammas.map { $0.count == functions && $0.allSatisfy { $0 >= 0 } } != false,
      "gammas: as many numbers are needed as there are centers, none negative")
    try require(
      elements.map { !$0.isEmpty && Set($0).count == $0.count } != false,
      "elements: different elements are needed")
  }
}

/// One of the bases of functions of the distance.
enum RadialBasis {
  case powers(CutoffPowers)
  case gaussians(GaussianBasis)

  /// The number of functions.
  var count: Int {
    switch self {
    case .powers(let basis): basis.exponents.count
    case .gaussians(let basis): basis.centers.count
    }
  }
}
