public import Graph
public import Tensors

/// Energy, forces and virial of one domain after another, whose neighbours another program has found.
///
///     E = Σ_i c_i (e_i + offset_i)        c_i = 1 for atoms that contribute, else 0
///     F = -∂E/∂x                           of all atoms: the copies' parts belong to their originals
///     W = ∂E/∂ε = Σ_i ∂E/∂x_i ⊗ x_i       since a domain has no cell
///
/// With a potential of `interactionDepth` n, neighbours are asked for atoms that contribute and those
/// fewer than n pairs away from one. The model is compiled once. Pairs within the cutoff and a skin are kept
/// while the neighbours that are given stay the same and no atom moves by half a skin.
public final class DomainCalculator<Scalar: RealScalar> {
  /// The model.
  public let potential: any Potential
  /// The distance beyond the cutoff up to which given pairs are kept, in angstrom.
  public let skin: Double

  /// The number of lists made so far.
  public private(set) var listCount = 0
  /// The energy of the last domain in eV.
  public private(set) var energy = 0.0
  /// The energy of each of its atoms in eV, zero where it does not contribute.
  public private(set) var atomicEnergies: [Double] = []
  /// The force on each of its atoms in eV/angstrom.
  public private(set) var forces: [SIMD3<Double>] = []
  /// The derivative of its energy by the strain in eV.
  public private(set) var strainGradient = Matrix3.zero

  private let session: Session<Scalar>
  private let inputs: StructureFeed<Scalar>
  private let contributions: Buffer<Scalar>
  private let cutoff: Double
  private let depth: Int
  private let listsActiveAtomsOnly: Bool
  /// The derivative by the vectors along pairs, compiled where it is asked for.
  private var pairSession: Session<Scalar>?

  private var structures = [Structure(elements: [], positions: [])]
  private var neighbors: [NeighborList] = []
  private var contributes: [Bool] = []
  private var given = GivenNeighbors()

  /// The factor of an atom's energy, 0 or 1.
  private static var contribution: Symbol {
    .placeholder("atom.contribution", [AtomisticInputs.atoms])
  }

  /// Compiles a model.
  ///
  /// - Parameters:
  ///   - potential: The model.
  ///   - state: The weights; by default the initial values of the model's variables.
  ///   - skin: How far beyond the cutoff given pairs are kept, in angstrom.
  ///   - workers: The threads that kernels may share.
  public init(
    _ potential: any Potential, state: State<Scalar>? = nil, skin: Double = 0.5,
    workers: Workers = Workers(count: 1)
  ) {
    self.potential = potential
    self.skin = skin
    let symbols = AtomisticInputs(.unstrained)
    let energies = potential.checkedAtomicEnergies(symbols)
    let slopes = gradient(
      of: (energies * Self.contribution).sum(), by: symbols.positions)
    let program = Program([energies, slopes])
    session = Session(
      program, state: state ?? State(program.variables, seed: 1), workers: workers)
    inputs = StructureFeed(elements: potential.elements)
    contributions = inputs.feed.values(of: Self.contribution)
    cutoff = potential.cutoff
    depth = potential.interactionDepth
    listsActiveAtomsOnly = potential.listsMatterToOwnEnergies
  }

  /// Computes what `energy`, `atomicEnergies`, `forces` and `strainGradient` then hold.
  ///
  /// - Parameters:
  ///   - domain: The atoms.
  ///   - neighborsOf: The atoms within the cutoff of an atom, and perhaps others; nil where they are not
  ///     known. The numbers are read before the closure is called again.
  /// - Throws: A `PotentialError` where the model or the neighbours do not fit the domain.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func evaluate(
    _ domain: Domain, neighborsOf: (Int) -> UnsafeBufferPointer<Int32>?
  ) throws(PotentialError) {
    try prepare(domain, neighborsOf)
    do { try session.run(inputs.feed) } catch { throw .feed(error) }
    let count = domain.count
    atomicEnergies.resize(to: count, filling: 0)
    forces.resize(to: count, filling: .zero)
    let (values, slopes) = (session.output(0), session.output(1))
    energy = 0
    strainGradient = .zero
    // The energy does not depend on where the domain lies; the sum is most exact around its middle.
    let origin = domain.positions.reduce(.zero, +) / Double(max(1, count))
    for atom in 0..<count {
      atomicEnergies[atom] =
        contributes[atom]
        ? Double(values[atom]) + potential.energyOffset(of: domain.elements[atom]) : 0
      energy += atomicEnergies[atom]
      let slope = SIMD3<Double>(
        Double(slopes[3 * atom]), Double(slopes[3 * atom + 1]), Double(slopes[3 * atom + 2]))
      guard slope.isFinite else { throw .notFinite(atom: atom) }
      forces[atom] = -slope
      let place = domain.positions[atom] - origin
      for row in 0..<3 { strainGradient[row] += slope[row] * place }
    }
    guard energy.isFinite, strainGradient.isFinite else { throw .notFinite(atom: 0) }
  }

  /// The derivative by the strain of the last domain, shared among its atoms, in eV: half of each pair's
  /// part `∂E/∂d ⊗ d` to either atom.
  ///
  /// The parts add up to `strainGradient`.
  public func atomicStrainGradients() throws(PotentialError) -> [Matrix3] {
    if pairSession == nil {
      let symbols = AtomisticInputs(.given)
      let energies = potential.checkedAtomicEnergies(symbols)
      let slopes = gradient(
        of: (energies * Self.contribution).sum(), by: symbols.displacements)
      pairSession = Session(
        Program([slopes]), state: session.state, workers: session.workers)
    }
    var result = [Matrix3](repeating: .zero, count: structures[0].count)
    guard let pairSession, !neighbors.isEmpty else { return result }
    neighbors[0].update(positions: structures[0].positions, cell: nil)
    inputs.setDisplacements(neighbors)
    do { try pairSession.run(inputs.feed) } catch { throw .feed(error) }
    let (slopes, list) = (pairSession.output(0), neighbors[0])
    for pair in 0..<list.count {
      for row in 0..<3 {
        let part = 0.5 * Double(slopes[3 * pair + row]) * list.displacement[pair]
        result[Int(list.first[pair])][row] += part
        result[Int(list.second[pair])][row] += part
      }
    }
    return result
  }

  /// Brings the feed up to date, with a new list where the old one may lack a pair.
  private func prepare(
    _ domain: Domain, _ neighborsOf: (Int) -> UnsafeBufferPointer<Int32>?
  ) throws(PotentialError) {
    if let lost = domain.positions.firstIndex(where: { !$0.isFinite }) {
      throw .neighbors(.lostAtom(lost))
    }
    if let list = neighbors.first, structures[0].elements == domain.elements,
      contributes == domain.contributes, list.isValid(for: domain.positions, cell: nil),
      given.isSame(neighborsOf)
    {
      structures[0].move(to: domain.positions)
      inputs.move(structures, neighbors: neighbors)
      return
    }
    var lists: [NeighborList] = []
    swap(&lists, &neighbors)
    if lists.isEmpty { lists = [NeighborList(cutoff: cutoff, skin: skin)] }
    do {
      try given.read(domain, depth: depth, reach: cutoff + skin, neighborsOf)
      try lists[0].replace(positions: domain.positions, given: given)
    } catch { throw .neighbors(error) }
    structures[0].elements.copy(domain.elements)
    structures[0].positions.copy(domain.positions)
    contributes.copy(domain.contributes)
    contributions.resize(to: domain.count)
    for atom in contributes.indices { contributions.base[atom] = contributes[atom] ? 1 : 0 }
    let isActive = given.isActive
    try inputs.set(
      structures, neighbors: lists, for: potential,
      listing: listsActiveAtomsOnly ? { isActive[$0] } : nil)
    swap(&lists, &neighbors)
    listCount += 1
  }
}
