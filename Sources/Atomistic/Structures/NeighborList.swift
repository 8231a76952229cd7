public import Tensors

/// All directed pairs of atoms closer than a cutoff, with periodic images, as flat arrays.
///
/// A pair (i, j, s) is in the list when `0 < |x_j + s . cell - x_i| < cutoff + skin`; each image
/// counts, so that an atom may be its own neighbour in a small cell, and both (i, j, s) and
/// (j, i, -s) are listed. Pairs are sorted by i, then j, then s.
public struct NeighborList: Hashable, Sendable, CustomStringConvertible {
  /// The shortest distance in angstrom that two atoms may have.
  public static let shortestDistance = 1e-6

  /// The cutoff radius in angstrom.
  public let cutoff: Double
  /// The distance beyond the cutoff up to which pairs are listed, in angstrom.
  public let skin: Double
  /// The atom i of each pair.
  public var first: [Int32] { pairs.first }
  /// The atom j of each pair.
  public var second: [Int32] { pairs.second }
  /// The lattice vectors added to the position of j, as counts.
  public var shift: [SIMD3<Int32>] { pairs.shift }
  /// The pairs of atom i are those from `offsets[i]` up to `offsets[i + 1]`.
  public var offsets: [Int] { pairs.offsets }
  /// The vector from i to the image of j in angstrom.
  public var displacement: [SIMD3<Double>] { pairs.displacement }
  /// The length of each displacement in angstrom.
  public var distance: [Double] { pairs.distance }

  /// The memory that the pairs take in bytes.
  package var byteCount: Int {
    first.count
      * (2 * MemoryLayout<Int32>.stride + MemoryLayout<SIMD3<Int32>>.stride
        + MemoryLayout<SIMD3<Double>>.stride + MemoryLayout<Double>.stride)
      + offsets.count * MemoryLayout<Int>.stride
  }

  private var pairs = SortedPairs()
  /// The positions that the pairs were found for.
  private(set) var listedPositions: [SIMD3<Double>]
  /// The cell that the pairs were found for.
  private(set) var listedCell: Cell?

  /// Finds the pairs of a structure.
  public init(
    _ structure: Structure, cutoff: Double, skin: Double = 0, workers: Workers = Workers(count: 1)
  ) throws(NeighborListError) {
    try self.init(
      positions: structure.positions, cell: structure.cell, cutoff: cutoff, skin: skin,
      workers: workers)
  }

  /// Finds the pairs of atoms in a cell, in a time that grows linearly with their number.
  ///
  /// Threads share the search; the list does not depend on their number. Throws if atoms overlap, a
  /// position is lost or the list would be too long to keep.
  public init(
    positions: [SIMD3<Double>], cell: Cell?, cutoff: Double, skin: Double = 0,
    workers: Workers = Workers(count: 1)
  ) throws(NeighborListError) {
    try self.init(
      positions: positions, cell: cell, cutoff: cutoff, skin: skin, mostPairs: Self.mostPairs,
      workers: workers)
  }

  /// Finds the pairs, but gives up on more than `mostPairs`: for files that nothing is known of.
  package init(
    positions: [SIMD3<Double>], cell: Cell?, cutoff: Double, skin: Double = 0, mostPairs: Int,
    workers: Workers = Workers(count: 1)
  ) throws(NeighborListError) {
    ensure(
      cutoff > 0 && cutoff.isFinite && skin >= 0 && skin.isFinite,
      "NeighborList: the cutoff must be positive and the skin not negative")
    self.cutoff = cutoff
    self.skin = skin
    listedPositions = positions
    listedCell = cell
    try findPairs(atMost: mostPairs, workers)
  }

  /// Makes the list of no atoms.
  init(cutoff: Double, skin: Double) {
    (self.cutoff, self.skin) = (cutoff, skin)
    (listedPositions, listedCell) = ([], nil)
  }

  /// Takes pairs of atoms without a cell that another program has found, in the memory of the old ones.
  ///
  /// Given pairs beyond the cutoff and the skin are left out. Throws if atoms overlap; then the list has
  /// no atoms any more.
  mutating func replace(
    positions: [SIMD3<Double>], given: GivenNeighbors
  ) throws(NeighborListError) {
    var found = SortedPairs()
    swap(&found, &pairs)
    listedPositions.copy(positions)
    listedCell = nil
    try found.replace(by: given, positions: positions, reach: cutoff + skin)
    swap(&found, &pairs)
  }

  /// Finds the pairs of another structure, or of the same one after a while, in the memory of the
  /// old ones.
  ///
  /// Throws as making a list does; then the list has no atoms any more.
  public mutating func remake(
    for structure: Structure, workers: Workers = Workers(count: 1)
  ) throws(NeighborListError) {
    listedPositions = structure.positions
    listedCell = structure.cell
    try findPairs(atMost: Self.mostPairs, workers)
  }

  private static var mostPairs: Int { 1 << 28 }

  private mutating func findPairs(
    atMost most: Int, _ workers: Workers
  ) throws(NeighborListError) {
    var found = SortedPairs()
    swap(&found, &pairs)
    let grid = try NeighborGrid(
      positions: listedPositions, cell: listedCell, reach: cutoff + skin)
    try found.find(in: grid, atMost: most, workers: workers)
    swap(&found, &pairs)
  }

  /// The number of pairs.
  public var count: Int { first.count }

  /// The number of atoms.
  public var atomCount: Int { offsets.count - 1 }

  /// The size of the list in a few words.
  public var description: String {
    "\(count) pairs of \(atomCount) atoms within \(cutoff) + \(skin) angstrom"
  }

  /// The pairs whose first atom is `atom`.
  public func pairs(of atom: Int) -> Range<Int> { offsets[atom]..<offsets[atom + 1] }

  /// Whether the list still holds every pair within the cutoff after atoms or cell have changed.
  ///
  /// With `F` the deformation from the listed cell to the new one, and the new positions mapped
  /// back to the listed cell, a sufficient condition is
  /// `2 max |x F^-1 - x_listed| + |F^-1| cutoff <= cutoff + skin`.
  public func isValid(for positions: [SIMD3<Double>], cell: Cell?) -> Bool {
    guard positions.count == atomCount, cell?.periodicity == listedCell?.periodicity else {
      return false
    }
    var undo = Matrix3.identity
    var stretch = 0.0
    if let cell, let listedCell, cell != listedCell {
      undo = cell.inverse * listedCell.vectors
      stretch = (undo - .identity).frobeniusNorm
    }
    var largest = 0.0
    for (position, listed) in zip(positions, listedPositions) {
      let moved = (stretch == 0 ? position : position * undo) - listed
      guard moved.isFinite else { return false }
      largest = max(largest, moved.dot(moved))
    }
    return 2 * largest.squareRoot() + stretch * cutoff <= skin
  }

  /// Gives the listed pairs the displacements and distances of moved atoms.
  ///
  /// Positions must be those the list was made from, moved but not wrapped. The pairs stay the
  /// same, so that some may now be longer than the cutoff; `isValid(for:cell:)` says whether any
  /// is missing.
  public mutating func update(positions: [SIMD3<Double>], cell: Cell?) {
    ensure(
      positions.count == atomCount,
      "NeighborList: \(positions.count) positions for a list of \(atomCount) atoms")
    pairs.replaceDisplacements(
      positions: positions, vectors: cell?.vectors ?? .zero, workers: Workers(count: 1))
  }

  /// `x_j + s . cell - x_i`, in one order of operations everywhere.
  @inline(__always)
  static func displacement(
    from start: SIMD3<Double>, to end: SIMD3<Double>, shift: SIMD3<Double>, vectors: Matrix3
  ) -> SIMD3<Double> {
    (end + shift * vectors) - start
  }
}
