public import Graph
public import Tensors

/// Fills the inputs of atomistic models from structures and their neighbour lists.
///
/// The feed and its buffers are used again and again; once they are large enough, filling allocates
/// nothing.
public final class StructureFeed<Scalar: RealScalar> {
  /// The feed to run programs with.
  public let feed: Feed<Scalar>

  /// The elements whose atoms are listed.
  public let elements: [Element]

  private let positions, offsets: Buffer<Scalar>
  private let first, second, starts, numbers, structureOfAtom: Buffer<Int32>
  private let atomsOfElement: [(axis: Extent, atoms: Buffer<Int32>)]
  private var cells: [Cell?] = []

  /// Prepares to fill a feed, by default a new one, for models of these elements.
  public init(elements: [Element], feed: Feed<Scalar> = Feed()) {
    self.elements = elements
    self.feed = feed
    let inputs = AtomisticInputs()
    positions = feed.values(of: inputs.positions)
    offsets = feed.values(of: inputs.offsets)
    first = feed.indices(of: inputs.first)
    second = feed.indices(of: inputs.second)
    starts = feed.indices(of: inputs.starts)
    numbers = feed.indices(of: inputs.elements)
    structureOfAtom = feed.indices(of: inputs.structureOfAtom)
    atomsOfElement = elements.map { element in
      (.named(AtomisticInputs.Name.atoms(of: element)), feed.indices(of: inputs.atoms(of: element)))
    }
    setStrains(1)
  }

  /// Sets the strain to zero, for all structures together or for each of them.
  public func setStrains(_ count: Int) {
    let strains = feed.values(of: AtomisticInputs().strain)
    strains.resize(to: 9 * count)
    strains.base.update(repeating: 0, count: 9 * count)
  }

  /// Gives the vectors along the pairs of the last `set`, as the lists have them, to models whose
  /// displacements are given.
  public func setDisplacements(_ neighbors: [NeighborList]) {
    let buffer = feed.values(of: AtomisticInputs(.given).displacements)
    buffer.resize(to: 3 * first.count)
    var target = buffer.base
    for list in neighbors {
      for vector in list.displacement {
        for axis in 0..<3 { target[axis] = Scalar(vector[axis]) }
        target += 3
      }
    }
  }

  /// Fills the common inputs and what a potential asks for beyond them.
  ///
  /// - Parameters:
  ///   - structures: The structures, which come one after another.
  ///   - neighbors: The pairs of each structure.
  ///   - potential: The potential, see `Potential.complete(_:structures:neighbors:)`.
  ///   - isListed: Whether an atom of all structures is among the atoms of its element; by default each is.
  /// - Throws: A `PotentialError` where the potential does not fit a structure.
  public func set(
    _ structures: [Structure], neighbors: [NeighborList], for potential: any Potential,
    listing isListed: ((Int) -> Bool)? = nil
  ) throws(PotentialError) {
    try set(structures, neighbors: neighbors, listing: isListed)
    try potential.complete(feed, structures: structures, neighbors: neighbors)
  }

  /// Fills everything that the common inputs name.
  ///
  /// - Parameters:
  ///   - structures: The structures, which come one after another.
  ///   - neighbors: The pairs of each structure.
  ///   - isListed: Whether an atom of all structures is among the atoms of its element; by default each is.
  /// - Throws: `PotentialError.unknownElement` for an atom of an element that is not listed.
  public func set(
    _ structures: [Structure], neighbors: [NeighborList], listing isListed: ((Int) -> Bool)? = nil
  ) throws(PotentialError) {
    ensure(
      structures.count == neighbors.count,
      "StructureFeed: \(structures.count) structures need as many neighbour lists, not "
        + "\(neighbors.count)")
    first.resize(to: 0)
    second.resize(to: 0)
    starts.resize(to: 0)
    numbers.resize(to: 0)
    structureOfAtom.resize(to: 0)
    for (_, atoms) in atomsOfElement { atoms.resize(to: 0) }
    var atoms = 0
    for (number, (structure, list)) in zip(structures, neighbors).enumerated() {
      ensure(
        list.atomCount == structure.count,
        "StructureFeed: a list of \(list.atomCount) atoms for a structure of \(structure.count)")
      for (atom, element) in structure.elements.enumerated() {
        guard let place = elements.firstIndex(of: element) else {
          throw .unknownElement(element, known: elements)
        }
        let row = atoms + atom
        if isListed?(row) ?? true { atomsOfElement[place].atoms.append(Int32(row)) }
        numbers.append(Int32(element.number))
        structureOfAtom.append(Int32(number))
        starts.append(Int32(first.count + list.offsets[atom]))
      }
      let start = first.count
      first.resize(to: start + list.count)
      second.resize(to: start + list.count)
      Self.copy(list.first, adding: Int32(atoms), to: first.base + start)
      Self.copy(list.second, adding: Int32(atoms), to: second.base + start)
      atoms += structure.count
    }
    starts.append(Int32(first.count))
    feed[axis: AtomisticInputs.atoms] = atoms
    feed[axis: AtomisticInputs.pairs] = first.count
    feed[axis: AtomisticInputs.structures] = structures.count
    for (axis, atoms) in atomsOfElement { feed[axis: axis] = atoms.count }
    cells.removeAll(keepingCapacity: true)
    move(structures, neighbors: neighbors)
  }

  /// Replaces positions and cells; atoms and pairs must be those of the last `set`.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func move(_ structures: [Structure], neighbors: [NeighborList]) {
    positions.resize(to: 3 * numbers.count)
    offsets.resize(to: 3 * first.count)
    var atom = positions.base
    for structure in structures {
      for position in structure.positions {
        atom[0] = Scalar(position.x)
        atom[1] = Scalar(position.y)
        atom[2] = Scalar(position.z)
        atom += 3
      }
    }
    let isSameCells =
      cells.count == structures.count && zip(cells, structures).allSatisfy { $0 == $1.cell }
    if !isSameCells { setOffsets(structures, neighbors) }
  }

  private static func copy(
    _ numbers: [Int32], adding start: Int32, to result: UnsafeMutablePointer<Int32>
  ) {
    for index in numbers.indices { result[index] = numbers[index] &+ start }
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func setOffsets(_ structures: [Structure], _ neighbors: [NeighborList]) {
    cells.removeAll(keepingCapacity: true)
    var vector = offsets.base
    for (structure, list) in zip(structures, neighbors) {
      cells.append(structure.cell)
      let vectors = structure.cell?.vectors ?? .zero
      for shift in list.shift {
        let offset = shift == .zero ? .zero : SIMD3<Double>(shift) * vectors
        vector[0] = Scalar(offset.x)
        vector[1] = Scalar(offset.y)
        vector[2] = Scalar(offset.z)
        vector += 3
      }
    }
  }
}
