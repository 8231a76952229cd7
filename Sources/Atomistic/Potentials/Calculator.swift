public import Graph
public import Tensors

/// Energy, forces and stress of one structure after another.
///
/// The model is compiled once. The neighbour list is longer than the cutoff by a skin and made anew
/// only when atoms have moved so far that a pair may be missing from it.
///
/// The network may run in single precision: the energies of atoms are added up in double precision
/// outside of the program, and so are the offsets.
public final class Calculator<Scalar: RealScalar> {
  /// The model.
  public let potential: any Potential

  /// The distance beyond the cutoff up to which pairs are listed, in angstrom.
  public let skin: Double

  /// Whether the derivative by the strain is computed, and so the stress.
  public let computesStress: Bool

  /// The number of neighbour lists made so far.
  public private(set) var listCount = 0

  /// The energy of the last structure in eV.
  public private(set) var energy = 0.0

  /// The forces on its atoms in eV/angstrom.
  public private(set) var forces: [SIMD3<Double>] = []

  /// The derivative of its energy by the strain in eV, `V` times the stress; zero where it is not
  /// computed.
  public private(set) var strainGradient = Matrix3.zero

  private let session: Session<Scalar>
  private let inputs: StructureFeed<Scalar>
  private var neighbors: [NeighborList] = []
  private var structures: [Structure] = []
  private var offset = 0.0
  /// Whether the potential has been seen to keep to its cutoff.
  private var isChecked = false

  /// Compiles a model.
  ///
  /// Traps where the potential gives another type than [atoms], or has separate variables of one name.
  ///
  /// - Parameters:
  ///   - potential: The model.
  ///   - state: The weights; by default the initial values of the model's variables.
  ///   - skin: How far beyond the cutoff pairs are listed, in angstrom.
  ///   - computesStress: Whether the stress is wanted; energies and forces alone cost less.
  ///   - workers: The threads that kernels may share.
  ///   - observing: Further values that are wanted of each structure, see `observed(_:)`. What the
  ///     energy needs anyway, such as descriptors, costs nothing.
  public init(
    _ potential: any Potential, state: State<Scalar>? = nil, skin: Double = 0.5,
    computesStress: Bool = true, workers: Workers = Workers(count: 1),
    observing: (AtomisticInputs) -> [Symbol] = { _ in [] }
  ) {
    self.potential = potential
    self.skin = skin
    self.computesStress = computesStress
    let symbols = AtomisticInputs(computesStress ? .strained : .unstrained)
    let energies = potential.checkedAtomicEnergies(symbols)
    let gradients = gradient(
      of: energies.sum(),
      by: computesStress ? [symbols.positions, symbols.strain] : [symbols.positions])
    let program = Program([energies] + gradients + observing(symbols))
    session = Session(
      program, state: state ?? State(program.variables, seed: 1), workers: workers)
    inputs = StructureFeed(elements: potential.elements)
  }

  /// Computes the energy in eV, the forces in eV/angstrom and, in a cell that repeats along three
  /// axes, the stress in eV/angstrom³, tensile positive.
  ///
  /// - Throws: A `PotentialError` where the model does not fit the structure.
  public func callAsFunction(_ structure: Structure) throws(PotentialError) -> Labels {
    try evaluate(structure)
    return Labels(energy: energy, forces: forces, stress: stress)
  }

  /// The stress of the last structure in eV/angstrom³, nil unless its cell repeats along all axes.
  public var stress: Matrix3? {
    guard computesStress, let cell = structures.first?.cell, cell.periodicity == .all else {
      return nil
    }
    return strainGradient / cell.volume
  }

  /// The energies of the last structure's atoms in eV, offsets included.
  public var atomicEnergies: [Double] {
    guard let structure = structures.first else { return [] }
    return zip(session.output(0), structure.elements).map {
      Double($0) + potential.energyOffset(of: $1)
    }
  }

  /// One of the values that the calculator was asked to observe, of the last structure, row by row.
  ///
  /// Valid until the next structure.
  public func observed(_ index: Int) -> UnsafeBufferPointer<Scalar> {
    session.output(index + (computesStress ? 3 : 2))
  }

  /// One of the index values that the calculator was asked to observe, of the last structure.
  ///
  /// Valid until the next structure.
  public func observedIndices(_ index: Int) -> UnsafeBufferPointer<Int32> {
    session.outputIndices(index + (computesStress ? 3 : 2))
  }

  /// The structure for whose positions and cell the pairs in use were found.
  ///
  /// A calculator that is first given a structure like that has the same list, and so gives the same
  /// bits for all structures that the list is still good for.
  package var listed: (positions: [SIMD3<Double>], cell: Cell?)? {
    neighbors.first.map { ($0.listedPositions, $0.listedCell) }
  }

  /// Computes what `energy`, `forces` and `strainGradient` then hold.
  ///
  /// With the first structure, it also makes sure that pairs beyond the cutoff have no energy.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func evaluate(_ structure: Structure) throws(PotentialError) {
    try prepare(structure)
    do { try session.run(inputs.feed) } catch { throw .feed(error) }
    energy = session.output(0).reduce(offset) { $0 + Double($1) }
    let gradient = session.output(1)
    if forces.count != structure.count {
      forces = Array(repeating: .zero, count: structure.count)
    }
    for atom in forces.indices {
      forces[atom] = [
        -Double(gradient[3 * atom]), -Double(gradient[3 * atom + 1]),
        -Double(gradient[3 * atom + 2]),
      ]
      guard forces[atom].isFinite else { throw .notFinite(atom: atom) }
    }
    let strain = computesStress ? session.output(2) : UnsafeBufferPointer(start: nil, count: 0)
    for row in 0..<strain.count / 3 {
      strainGradient[row] = [
        Double(strain[3 * row]), Double(strain[3 * row + 1]), Double(strain[3 * row + 2]),
      ]
    }
    guard energy.isFinite, strainGradient.isFinite else { throw .notFinite(atom: 0) }
  }

  /// Whether the pairs in use are all that a structure of the same atoms has.
  private func isListed(_ structure: Structure) -> Bool {
    guard let list = neighbors.first, let last = structures.first else { return false }
    return last.elements == structure.elements && (last.cell == nil) == (structure.cell == nil)
      && list.isValid(for: structure.positions, cell: structure.cell)
  }

  /// Brings the feed up to date, with a new neighbour list where the old one may lack a pair.
  private func prepare(_ structure: Structure) throws(PotentialError) {
    if isListed(structure) {
      structures[0].move(to: structure)
      inputs.move(structures, neighbors: neighbors)
      return
    }
    if !isChecked {
      try CutoffCheck.require(
        potential, structure, state: session.state, skin: skin, workers: session.workers)
      isChecked = true
    }
    // Kept only when all has gone well, so that a failure does not leave half a feed behind.
    var lists: [NeighborList] = []
    swap(&lists, &neighbors)
    do {
      if lists.isEmpty {
        lists = [
          try NeighborList(
            structure, cutoff: potential.cutoff, skin: skin, workers: session.workers)
        ]
      } else {
        try lists[0].remake(for: structure, workers: session.workers)
      }
    } catch {
      throw .neighbors(error)
    }
    structures = [structure]
    try inputs.set(structures, neighbors: lists, for: potential)
    swap(&lists, &neighbors)
    offset = potential.energyOffset(of: structure)
    listCount += 1
  }
}
