public import Graph
public import Tensors

/// The flexible water model SPC/Fw with damped, shifted-force electrostatics.
///
///     bonds      ½ k_b (r - r_0)²          each O-H of a molecule
///     angles     ½ k_a (θ - θ_0)²          H-O-H
///     O-O        Lennard-Jones, shifted in energy and force at r_c
///     charges    k q_i q_j (v(r) - v(r_c) - (r - r_c) v'(r_c)),  v(r) = erfc(α r) / r
///
/// Charges and oxygens of one molecule do not interact, but they do with the molecule's own images.
/// Molecules are found by O-H distances, so the order of atoms does not matter.
///
/// Source: Y. Wu, H. L. Tepper, G. A. Voth, J. Chem. Phys. 124, 024503 (2006); C. J. Fennell,
/// J. D. Gezelter, J. Chem. Phys. 124, 234104 (2006).
public struct FlexibleWater: Potential, Hashable {
  /// The constants of the model in eV, angstrom, radian and elementary charges.
  public struct Parameters: Hashable, Sendable {
    /// The stiffness `k_b` of a bond in eV/angstrom².
    public var bondStiffness = 1059.162 * Units.kilocaloriePerMole
    /// The length `r_0` of a bond in angstrom.
    public var bondLength = 1.012
    /// The stiffness `k_a` of the angle in eV/rad².
    public var angleStiffness = 75.90 * Units.kilocaloriePerMole
    /// The angle `θ_0` in radians, 113.24 degrees.
    public var angle = 113.24 * Double.pi / 180
    /// The charge of a hydrogen; an oxygen has minus twice as much.
    public var hydrogenCharge = 0.41
    /// The wells between oxygens.
    public var oxygens = LennardJones.Parameters(
      epsilon: 0.1554253 * Units.kilocaloriePerMole, sigma: 3.165492)
    /// The constant `k` of Coulomb's law in eV angstrom, `e² / (4 π ε_0)`.
    public var coulomb = Units.hartree * Units.bohr
    /// The damping `α` of the charges in 1/angstrom.
    public var damping = 0.2
    /// The cutoff `r_c` in angstrom, 12 bohr.
    public var cutoff = 12 * Units.bohr

    /// Makes the constants of the published model.
    public init() {}
  }

  /// The constants.
  public let parameters: Parameters

  private static let firstBonds = Symbol.placeholder("water.firstBonds", [molecules], .index)
  private static let secondBonds = Symbol.placeholder("water.secondBonds", [molecules], .index)
  /// The product of the charges of each pair, in squares of a hydrogen's charge.
  private static let chargeProducts = Symbol.placeholder(
    "water.chargeProducts", charges.index.shape)
  private static let molecules: Extent = "molecules"
  private static let charges = PairSelection(name: "water.charges")
  private static let oxygens = PairSelection(name: "water.oxygens")

  /// Makes the model; by default with the published constants.
  public init(_ parameters: Parameters = Parameters()) { self.parameters = parameters }

  /// Hydrogen and oxygen.
  public var elements: [Element] { [.hydrogen, .oxygen] }

  /// The cutoff in angstrom, for single atoms and not for molecules.
  public var cutoff: Double { parameters.cutoff }

  /// The energy of each atom in eV, [atoms].
  public func atomicEnergies(_ inputs: AtomisticInputs) -> Symbol {
    let oxygens = Self.oxygens.distances(inputs, atMost: cutoff)
    let wells = parameters.oxygens.energies(at: oxygens, cutoff: cutoff)
    return moleculeEnergies(inputs) + Self.oxygens.shared(wells, inputs)
      + Self.charges.shared(chargeEnergies(inputs), inputs)
  }

  /// Bonds and angles, which belong to the oxygens, [atoms].
  private func moleculeEnergies(_ inputs: AtomisticInputs) -> Symbol {
    let bonds = [Self.firstBonds, Self.secondBonds]
    let vectors = bonds.map(inputs.displacements(ofPairs:))
    let lengths = vectors.map { $0.square().sum(along: 1).squareRoot() }
    let cosine = (vectors[0] * vectors[1]).sum(along: 1) / (lengths[0] * lengths[1])
    let stretch = lengths.map { ($0 - parameters.bondLength).square() }
    let bend = (cosine.acos() - parameters.angle).square()
    let energies =
      (stretch[0] + stretch[1]) * (0.5 * parameters.bondStiffness)
      + bend * (0.5 * parameters.angleStiffness)
    return energies.segmentSum(
      by: inputs.first.gathered(by: bonds[0]), count: AtomisticInputs.atoms)
  }

  /// The energy of each pair of charges in eV.
  private func chargeEnergies(_ inputs: AtomisticInputs) -> Symbol {
    let (alpha, limit) = (parameters.damping, cutoff)
    func lane(_ value: Double.Vector) -> Double { value[0] }
    let screening = lane(Double.erfc(.init(repeating: alpha * limit)))
    let gaussian = lane(Double.exp(.init(repeating: -alpha * alpha * limit * limit)))
    let value = screening / limit
    let slope = -(value + 2 * alpha / Double.pi.squareRoot() * gaussian) / limit
    let distances = Self.charges.distances(inputs, atMost: limit)
    let shape = (distances * alpha).erfc() / distances - value - (distances - limit) * slope

    let charge = parameters.hydrogenCharge
    return Self.chargeProducts * shape * (parameters.coulomb * charge * charge)
  }

  /// Tells the feed which pairs interact.
  public func complete<Scalar: RealScalar>(
    _ feed: Feed<Scalar>, structures: [Structure], neighbors: [NeighborList]
  ) throws(PotentialError) {
    let firstBonds = feed.indices(of: Self.firstBonds)
    let secondBonds = feed.indices(of: Self.secondBonds)
    firstBonds.resize(to: 0)
    secondBonds.resize(to: 0)
    var topologies: [WaterTopology] = []
    var start = 0
    for (structure, list) in zip(structures, neighbors) {
      let topology = try WaterTopology(structure, list)
      for bond in topology.bonds {
        firstBonds.append(Int32(start + bond.first))
        secondBonds.append(Int32(start + bond.second))
      }
      start += list.count
      topologies.append(topology)
    }
    feed[axis: Self.molecules] = firstBonds.count
    let products = feed.values(of: Self.chargeProducts)
    products.resize(to: 0)
    Self.charges.fill(feed, neighbors) { number, pair in
      let (list, elements) = (neighbors[number], structures[number].elements)
      guard !topologies[number].isInside(pair, of: list) else { return false }
      let ends = [elements[Int(list.first[pair])], elements[Int(list.second[pair])]]
      products.append(ends.reduce(1) { $0 * ($1 == .oxygen ? -2 : 1) })
      return true
    }
    Self.oxygens.fill(feed, neighbors) { number, pair in
      let (list, elements) = (neighbors[number], structures[number].elements)
      return elements[Int(list.first[pair])] == .oxygen
        && elements[Int(list.second[pair])] == .oxygen
    }
  }
}
