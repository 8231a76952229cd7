import Tensors

/// Two atoms of a structure and the distance between them.
public struct AtomDistance: Hashable, Sendable, Codable {
  /// The place of the structure, counted from zero.
  public var structure: Int
  /// The atoms, counted from zero.
  public var first, second: Int
  /// The distance in angstrom.
  public var distance: Double
}

/// What the distances between its atoms say of one structure.
struct StructureGeometry: Sendable {
  /// The shortest distance.
  var shortest: AtomDistance?
  /// The distance that is shortest beside the sum of its atoms' covalent radii, if it is too short.
  var crowded: AtomDistance?
  /// The number of atoms without a neighbour within the cutoff.
  var loneAtoms = 0
  /// Numbers that are the same for copies of a structure, in whatever place; none where too few distances
  /// are known.
  var fingerprint: [Double] = []
  /// Why distances cannot be measured.
  var fault: NeighborListError?

  /// The distance in angstrom up to which all pairs are looked at.
  static let reach = 3.0
  /// The part of the sum of covalent radii below which atoms are too close.
  private static let crowding = 0.4

  /// Measures the structure at a place; atoms have no neighbour if there is none up to `cutoff`.
  init(_ structure: Structure, at place: Int, cutoff: Double) {
    do throws(NeighborListError) {
      var list = try Self.pairs(of: structure, within: Self.reach)
      if Self.loneAtoms(list) > 0, cutoff > Self.reach {
        list = try Self.pairs(of: structure, within: cutoff)
      }
      loneAtoms = Self.loneAtoms(list)
      measure(structure, list, place)
    } catch {
      fault = error
    }
  }

  private static func pairs(
    of structure: Structure, within cutoff: Double
  ) throws(NeighborListError) -> NeighborList {
    try NeighborList(
      positions: structure.positions, cell: structure.cell, cutoff: cutoff,
      mostPairs: 1000 * structure.count)
  }

  private static func loneAtoms(_ list: NeighborList) -> Int {
    (0..<list.atomCount).count { list.pairs(of: $0).isEmpty }
  }

  private mutating func measure(_ structure: Structure, _ list: NeighborList, _ place: Int) {
    let radii = structure.elements.map { $0.covalentRadius ?? 0 }
    let numbers = structure.elements.map { Double($0.number) }
    var (shortest, crowded): ((pair: Int, value: Double)?, (pair: Int, value: Double)?)
    var moments = SIMD4<Double>.zero
    let (first, second, distances) = (list.first, list.second, list.distance)
    for pair in distances.indices {
      let (i, j, distance) = (Int(first[pair]), Int(second[pair]), distances[pair])
      if distance < shortest?.value ?? .infinity { shortest = (pair, distance) }
      let ratio = distance / (radii[i] + radii[j])
      if ratio < crowded?.value ?? Self.crowding { crowded = (pair, ratio) }
      // Smooth at the reach, where pairs come and go.
      let near = (list.cutoff - distance) * (list.cutoff - distance)
      moments += SIMD4(near, near * near, near * numbers[i] * numbers[j], near * distance)
    }
    func distance(_ pair: Int) -> AtomDistance {
      AtomDistance(
        structure: place, first: Int(first[pair]), second: Int(second[pair]),
        distance: distances[pair])
    }
    self.shortest = shortest.map { distance($0.pair) }
    self.crowded = crowded.map { distance($0.pair) }
    if loneAtoms == 0 {
      fingerprint = (0..<4).map { moments[$0] } + Self.size(of: structure)
    } else if structure.isLoneAtom {
      fingerprint = [0]
    }
  }

  /// The volume of a cell; in open space how far atoms are from their centre.
  private static func size(of structure: Structure) -> [Double] {
    if let cell = structure.cell, cell.periodicity != [] { return [cell.volume] }
    let center = structure.positions.reduce(.zero, +) / Double(structure.count)
    return structure.positions.reduce(into: [0, 0]) { moments, position in
      let square = (position - center).dot(position - center)
      moments[0] += square
      moments[1] += square * square
    }
  }
}
