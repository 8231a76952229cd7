/// Groups of structures that are copies of each other, perhaps moved as a whole or by lattice vectors.
enum DuplicateStructures {
  /// The relative difference below which fingerprints are equal.
  private static let tolerance = 1e-6
  /// The distance in angstrom that an atom may have from its copy.
  private static let displacement = 1e-4

  /// Groups the members of a list of structures, of which each geometry is known.
  ///
  /// - Parameters:
  ///   - structures: All structures.
  ///   - members: The places of those that are compared.
  ///   - geometries: The geometry of each member.
  /// - Returns: The groups of two and more, each in ascending order, in the order of their first
  ///   structures.
  static func groups(
    of structures: [Structure], members: [Int], _ geometries: [StructureGeometry]
  ) -> [[Int]] {
    var groups: [[Int]] = []
    let candidates = members.indices.filter { !geometries[$0].fingerprint.isEmpty }
    for (_, same) in Dictionary(grouping: candidates, by: { structures[members[$0]].elements }) {
      let order = same.sorted {
        (geometries[$0].fingerprint[0], $0) < (geometries[$1].fingerprint[0], $1)
      }
      // A copy is compared with the first one of its group, so that many copies take no longer.
      var open: [[Int]] = []
      for number in order {
        let value = geometries[number].fingerprint[0]
        let isNear: ([Int]) -> Bool = {
          value - geometries[$0[0]].fingerprint[0] <= tolerance * abs(value)
        }
        groups += open.filter { !isNear($0) }
        open = open.filter(isNear)
        let place = open.firstIndex { group in
          areEqual(geometries[number].fingerprint, geometries[group[0]].fingerprint)
            && areCopies(structures[members[number]], structures[members[group[0]]])
        }
        if let place { open[place].append(number) } else { open.append([number]) }
      }
      groups += open
    }
    return groups.filter { $0.count > 1 }.map { group in group.map { members[$0] }.sorted() }
      .sorted { $0[0] < $1[0] }
  }

  private static func areEqual(_ first: [Double], _ second: [Double]) -> Bool {
    first.count == second.count
      && zip(first, second).allSatisfy { abs($0 - $1) <= tolerance * max(abs($0), abs($1)) }
  }

  /// Whether atoms in a cell have the same places relative to the first one; in open space, fingerprints
  /// tell structures apart.
  private static func areCopies(_ first: Structure, _ second: Structure) -> Bool {
    guard first.count > 1, let cell = first.cell, cell.periodicity != [] else { return true }
    guard let other = second.cell, other.periodicity == cell.periodicity,
      (other.vectors - cell.vectors).frobeniusNorm <= displacement
    else { return false }
    let inverse = cell.inverse
    let shift = second.positions[0] - first.positions[0]
    return zip(first.positions, second.positions).allSatisfy { position, copy in
      var fraction = (copy - position - shift) * inverse
      for axis in 0..<3 where cell.periodicity[axis] { fraction[axis] -= fraction[axis].rounded() }
      return (fraction * cell.vectors).length <= displacement
    }
  }
}
