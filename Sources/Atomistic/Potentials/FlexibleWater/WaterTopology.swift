/// The molecules of water in a structure, found by distance.
///
/// Each oxygen takes the two hydrogens nearest to it; molecules may lie across the boundary of the
/// cell.
struct WaterTopology: Hashable, Sendable {
  /// The longest distance in angstrom between an oxygen and its hydrogens.
  static let longestBond = 1.6

  /// The pairs (oxygen, hydrogen) of each molecule, by their place in the neighbour list.
  private(set) var bonds: [(first: Int, second: Int)] = []
  /// The molecule of each atom.
  private(set) var molecule: [Int]
  /// The lattice vectors, as counts, that bring each atom to its oxygen.
  private(set) var shift: [SIMD3<Int32>]

  init(_ structure: Structure, _ neighbors: NeighborList) throws(PotentialError) {
    molecule = Array(repeating: -1, count: structure.count)
    shift = Array(repeating: .zero, count: structure.count)
    for (atom, element) in structure.elements.enumerated() where element == .oxygen {
      let near = neighbors.pairs(of: atom).filter {
        structure.elements[Int(neighbors.second[$0])] == .hydrogen
          && neighbors.distance[$0] < Self.longestBond
      }
      let nearest = near.sorted { neighbors.distance[$0] < neighbors.distance[$1] }.prefix(2)
      guard nearest.count == 2 else {
        throw .notWater(atom: atom, found: "an oxygen with \(nearest.count) hydrogens")
      }
      molecule[atom] = bonds.count
      for pair in nearest {
        let hydrogen = Int(neighbors.second[pair])
        guard molecule[hydrogen] < 0 else {
          throw .notWater(atom: hydrogen, found: "a hydrogen between two oxygens")
        }
        molecule[hydrogen] = bonds.count
        shift[hydrogen] = neighbors.shift[pair]
      }
      bonds.append((nearest[0], nearest[1]))
    }
    if let atom = molecule.firstIndex(of: -1) {
      throw .notWater(atom: atom, found: "\(structure.elements[atom].symbol) without a molecule")
    }
  }

  /// Whether a pair lies within one molecule, and not between a molecule and its own image.
  func isInside(_ pair: Int, of neighbors: NeighborList) -> Bool {
    let (first, second) = (Int(neighbors.first[pair]), Int(neighbors.second[pair]))
    return molecule[first] == molecule[second]
      && neighbors.shift[pair] == shift[second] &- shift[first]
  }

  static func == (left: WaterTopology, right: WaterTopology) -> Bool {
    left.molecule == right.molecule && left.shift == right.shift
  }

  func hash(into hasher: inout Hasher) { hasher.combine(molecule) }
}
