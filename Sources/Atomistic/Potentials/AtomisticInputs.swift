public import Graph

/// The placeholders from which every atomistic model is built: atoms, pairs and strain.
///
/// Lengths are in angstrom. Several structures may stand one after another; the axes are `atoms`,
/// `pairs`, `structures` and one for the atoms of each element. `StructureFeed` fills them.
public struct AtomisticInputs: Sendable {
  /// What placeholders and axes are called.
  public enum Name {
    /// The positions, [atoms, 3].
    public static let positions = "positions"
    /// The strain, [3, 3].
    public static let strain = "strain"
    /// The atom a pair starts from, [pairs], ascending.
    public static let first = "pair.first"
    /// The atom a pair leads to, [pairs].
    public static let second = "pair.second"
    /// The first pair of each atom, [atoms + 1].
    public static let starts = "pair.starts"
    /// The lattice vectors added to the second atom, [pairs, 3].
    public static let offsets = "pair.offsets"
    /// The atomic number, [atoms].
    public static let element = "atom.element"
    /// The structure of each atom, [atoms].
    public static let structure = "atom.structure"
    /// The vectors along the pairs where they are given, [pairs, 3].
    public static let displacements = "pair.displacements"

    /// The atoms of an element, such as `O.atoms`: the index and its axis.
    public static func atoms(of element: Element) -> String { "\(element.symbol).atoms" }
  }

  /// The number of atoms of all structures.
  public static let atoms: Extent = "atoms"
  /// The number of directed pairs of all structures.
  public static let pairs: Extent = "pairs"
  /// The number of structures.
  public static let structures: Extent = "structures"

  /// The positions in angstrom, [atoms, 3].
  public let positions: Symbol
  /// The strain ε that displacements are put under, [3, 3] or one of each structure,
  /// [structures, 3, 3]; zero, but energies have a gradient by it.
  public let strain: Symbol
  /// The atom each pair starts from, [pairs], ascending.
  public let first: Symbol
  /// The atom each pair leads to, [pairs].
  public let second: Symbol
  /// The pairs of atom i are those from `starts[i]` up to `starts[i + 1]`, [atoms + 1].
  public let starts: Symbol
  /// The lattice vectors added to the second atom in angstrom, [pairs, 3].
  public let offsets: Symbol
  /// The atomic number of each atom, [atoms].
  public let elements: Symbol
  /// The structure of each atom, [atoms].
  public let structureOfAtom: Symbol

  /// The strained vectors along the pairs in angstrom, [pairs, 3].
  ///
  /// `d = D + D εᵀ` with `D = x[second] - x[first] + offsets`, so that every vector is multiplied by
  /// `1 + ε`, those between images of an atom too.
  public let displacements: Symbol

  /// What displacements are made of.
  public enum Displacements: Sendable {
    /// Positions and lattice vectors alone; energies have no gradient by the strain and cost less.
    case unstrained
    /// Positions and lattice vectors under one strain for all structures.
    case strained
    /// Positions and lattice vectors, each structure under a strain of its own.
    case strainedByStructure
    /// A placeholder; nothing depends on positions then.
    case given
  }

  private let kind: Displacements

  /// Makes the placeholders; those made twice are the same.
  ///
  /// - Parameter kind: What displacements are made of.
  public init(_ kind: Displacements = .strained) {
    self.kind = kind
    positions = .placeholder(Name.positions, [Self.atoms, 3])
    if case .strainedByStructure = kind {
      strain = .placeholder(Name.strain, [Self.structures, 3, 3])
    } else {
      strain = .placeholder(Name.strain, [3, 3])
    }
    first = .placeholder(Name.first, [Self.pairs], .index)
    starts = .placeholder(Name.starts, [Self.atoms + 1], .index)
    offsets = .placeholder(Name.offsets, [Self.pairs, 3])
    elements = .placeholder(Name.element, [Self.atoms], .index)
    structureOfAtom = .placeholder(Name.structure, [Self.atoms], .index)
    // Both ends of a pair belong to one structure.
    second = .placeholder(
      Name.second, [Self.pairs], .index,
      facts: [
        IndexFact(gathering: structureOfAtom, gives: structureOfAtom.gathered(by: first))
      ])
    if case .given = kind {
      displacements = .placeholder(Name.displacements, [Self.pairs, 3])
    } else {
      let vectors = positions.gathered(by: second) - positions.gathered(by: first) + offsets
      displacements = Self.strained(
        vectors, kind, by: strain, ofStructures: structureOfAtom.gathered(by: first))
    }
  }

  private static func strained(
    _ vectors: Symbol, _ kind: Displacements, by strain: Symbol, ofStructures structures: Symbol
  ) -> Symbol {
    switch kind {
    case .unstrained, .given: vectors
    case .strained: vectors + vectors.matmul(strain, otherTransposed: true)
    case .strainedByStructure:
      vectors
        + strain.gathered(by: structures).matmul(vectors.inserting(axis: 2)).reshaped(vectors.shape)
    }
  }

  /// The strained vectors along some of the pairs in angstrom, [selected, 3].
  ///
  /// The same as gathering `displacements`, but the gradient goes straight to the atoms and does not
  /// pass through an array of all pairs.
  public func displacements(ofPairs index: Symbol) -> Symbol {
    if case .given = kind { return displacements.gathered(by: index) }
    let (start, end) = (first.gathered(by: index), second.gathered(by: index))
    let vectors =
      positions.gathered(by: end) - positions.gathered(by: start) + offsets.gathered(by: index)
    return Self.strained(
      vectors, kind, by: strain, ofStructures: structureOfAtom.gathered(by: start))
  }

  /// The atoms of an element, ascending.
  public func atoms(of element: Element) -> Symbol {
    let name = Name.atoms(of: element)
    return .placeholder(name, [.named(name)], .index)
  }
}
