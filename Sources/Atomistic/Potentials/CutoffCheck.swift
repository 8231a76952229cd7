package import Graph
package import Tensors

/// A comparison of the energies with pairs up to the cutoff and those with longer pairs.
package enum CutoffCheck {
  /// How far beyond the cutoff pairs are listed at least, in angstrom.
  static let shortestSkin = 0.5

  /// The number of atoms from which on a part of a structure is checked.
  private static let mostAtoms = 64

  /// Refuses a potential that gives energy to pairs beyond its cutoff, as far as a structure has any.
  ///
  /// What holds for all structures shows with some atoms of a large one too, in less time; a potential that
  /// refuses these is checked with all.
  ///
  /// Energies are the same when `Σ_i |e_i - e'_i|` is at most `√ulp Σ_i (|e_i| + 0.1 eV)`: longer pairs
  /// that add nothing change round-off alone.
  ///
  /// - Parameters:
  ///   - potential: The potential.
  ///   - structure: The structure.
  ///   - state: The weights; by default the initial values of the potential's variables.
  ///   - skin: How far beyond the cutoff the longer pairs reach, in angstrom.
  ///   - workers: The threads that kernels may share.
  /// - Throws: `PotentialError.beyondCutoff`, and what stands against the structure.
  package static func require<Scalar: RealScalar>(
    _ potential: any Potential, _ structure: Structure, state: State<Scalar>? = nil,
    skin: Double = shortestSkin, workers: Workers
  ) throws(PotentialError) {
    let program = Program([potential.checkedAtomicEnergies(AtomisticInputs(.unstrained))])
    let session = Session(
      program, state: state ?? State(program.variables, seed: 1), workers: workers)
    let skin = max(skin, shortestSkin)
    if let part = part(of: structure) {
      do { return try require(potential, part, session, skin: skin) } catch {
        if case .beyondCutoff = error { throw error }
      }
    }
    try require(potential, structure, session, skin: skin)
  }

  /// Some atoms of a large structure, drawn at random; nil where it is small.
  private static func part(of structure: Structure) -> Structure? {
    guard structure.count > mostAtoms else { return nil }
    var atoms = Array(0..<structure.count)
    var random = RandomStream(seed: 1)
    random.shuffle(&atoms)
    let kept = atoms.prefix(mostAtoms).sorted()
    return Structure(
      elements: kept.map { structure.elements[$0] },
      positions: kept.map { structure.positions[$0] },
      cell: structure.cell)
  }

  private static func require<Scalar: RealScalar>(
    _ potential: any Potential, _ structure: Structure, _ session: Session<Scalar>, skin: Double
  ) throws(PotentialError) {
    let inputs = StructureFeed<Scalar>(elements: potential.elements)
    func energies(_ skin: Double) throws(PotentialError) -> [Scalar] {
      let list: NeighborList
      do {
        list = try NeighborList(
          structure, cutoff: potential.cutoff, skin: skin, workers: session.workers)
      } catch { throw .neighbors(error) }
      try inputs.set([structure], neighbors: [list], for: potential)
      do { try session.run(inputs.feed) } catch { throw .feed(error) }
      return Array(session.output(0))
    }
    let (short, long) = (try energies(0), try energies(skin))
    var (change, size) = (0.0, 0.0)
    for (first, second) in zip(short, long) {
      change += abs(Double(first) - Double(second))
      size += abs(Double(first)) + 0.1
    }
    // What is not finite is refused elsewhere.
    guard change.isFinite, change > Double(Scalar.ulpOfOne.squareRoot()) * size else { return }
    throw .beyondCutoff(change: change, cutoff: potential.cutoff, skin: skin)
  }
}
