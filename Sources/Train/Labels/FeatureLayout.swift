import Atomistic

/// The places of the features of one structure and of their derivatives in a block of memory.
///
/// The block of a structure holds, group by group, the features of all rows, `[rows, width]` each; then,
/// group by group, for each moved atom a slab `[3, entries, width]` for each feature with the derivatives
/// of the rows that depend on the atom, so that the numbers of a force component lie side by side; and
/// where stresses are trained on, `[rows, 6, width]` with the derivatives by the strains over the
/// volume. Behind these numbers stand the rows of all entries, which a layout would take more memory for
/// than for all else that it says: so they go to disk where the numbers do.
final class FeatureLayout: Sendable {
  /// The number of rows of each group.
  let rowCounts: [Int]

  /// The values of the index placeholders that are taken row by row, group by group.
  let indices: [[[Int32]]]

  /// The first entry of each moved atom, group by group, with the end of the last after each group.
  private let starts: [Int32]

  /// The start of the rows of each feature of each group, in elements from the start of the block.
  let values: [[Int]]

  /// The start of the slabs of each group.
  private let slabs: [Int]

  /// The start of the derivatives by the strains, for each feature of each group; empty without them.
  let strains: [[Int]]

  /// The number of elements of the block.
  let count: Int

  /// The number of entries of all groups.
  let entryCount: Int

  /// The number of atoms.
  let atoms: Int

  /// The sum of the widths of the features before each one of its group, and of all.
  private let widthsBefore: [[Int]]

  /// Lays out a structure whose rows belong to pairs as `owners` say.
  init(
    atoms: Int, owners: [RowOwners], indices: [[[Int32]]], plan: RowPlan, keepsStrains: Bool
  ) {
    self.atoms = atoms
    let allWidths = plan.groups.map { $0.features.map(\.width) }
    widthsBefore = allWidths.map { widths in
      (0...widths.count).map { widths[..<$0].reduce(0, +) }
    }
    let rowCounts = owners.map(\.rowCount)
    self.rowCounts = rowCounts
    self.indices = indices
    var starts: [Int32] = []
    var entryCount: Int32 = 0
    for owners in owners {
      var counts = [Int32](repeating: 0, count: atoms)
      for atom in owners.movedAtoms { counts[Int(atom)] += 1 }
      for count in counts {
        starts.append(entryCount)
        entryCount += count
      }
      starts.append(entryCount)
    }
    self.starts = starts
    self.entryCount = Int(entryCount)

    var count = 0
    func take(_ elements: Int) -> Int {
      defer { count += elements }
      return count
    }
    var (values, slabs, strains): ([[Int]], [Int], [[Int]]) = ([], [], [])
    for (group, widths) in allWidths.enumerated() {
      values.append(widths.map { take(rowCounts[group] * $0) })
    }
    for (group, widths) in allWidths.enumerated() {
      slabs.append(take(3 * owners[group].movedAtoms.count * widths.reduce(0, +)))
    }
    if keepsStrains {
      for (group, widths) in allWidths.enumerated() {
        strains.append(widths.map { take(6 * rowCounts[group] * $0) })
      }
    }
    (self.values, self.slabs, self.strains) = (values, slabs, strains)
    self.count = count
  }

  /// The entries of a group whose rows depend on a moved atom.
  func entries(moved atom: Int, _ group: Int) -> Range<Int> {
    let index = group * (atoms + 1) + atom
    return Int(starts[index])..<Int(starts[index + 1])
  }

  /// The start of the slab for a moved atom, a group and one of its features.
  func slab(moved atom: Int, _ group: Int, _ feature: Int) -> Int {
    let (entries, widths) = (entries(moved: atom, group), widthsBefore[group])
    let before = entries.lowerBound - Int(starts[group * (atoms + 1)])
    return slabs[group] + 3 * (before * widths[widths.count - 1] + entries.count * widths[feature])
  }

  /// The memory of the layout itself in bytes.
  var byteCount: Int {
    4 * (starts.count + indices.joined().reduce(0) { $0 + $1.count })
      + 8 * (slabs.count + values.joined().count + strains.joined().count)
  }
}

/// The pairs that each row of a group belongs to, and the atoms that move it.
struct RowOwners {
  /// The number of rows.
  let rowCount: Int
  /// The pairs of all rows, row by row, ascending within each.
  private(set) var pairs: [Int32] = []
  /// The atoms that each row depends on, row by row, each once.
  private(set) var movedAtoms: [Int32] = []
  /// The number of each of these among the entries of its atom.
  private var entries: [Int32] = []
  private var pairStarts: [Int32]
  private var movedStarts: [Int32] = [0]

  /// Sorts pairs by the number of the row they belong to, counted from 1; 0 belongs to none.
  init(rowCount: Int, rowOfPair: UnsafeBufferPointer<Int32>, _ neighbors: NeighborList) {
    self.rowCount = rowCount
    var starts = [Int32](repeating: 0, count: rowCount + 2)
    for row in rowOfPair { starts[Int(row) + 1] += 1 }
    for row in 1..<starts.count { starts[row] += starts[row - 1] }
    // What belongs to no row comes first and is left out.
    let none = starts[1]
    var sorted = [Int32](repeating: 0, count: rowOfPair.count)
    var cursor = starts
    for (pair, row) in rowOfPair.enumerated() {
      sorted[Int(cursor[Int(row)])] = Int32(pair)
      cursor[Int(row)] += 1
    }
    pairs = Array(sorted[Int(none)...])
    pairStarts = starts[1...].map { $0 - none }
    var seen = [Int32](repeating: -1, count: neighbors.atomCount)
    var entriesOfAtom = [Int32](repeating: 0, count: neighbors.atomCount)
    func note(_ atom: Int32, _ row: Int) {
      guard seen[Int(atom)] != Int32(row) else { return }
      seen[Int(atom)] = Int32(row)
      movedAtoms.append(atom)
      entries.append(entriesOfAtom[Int(atom)])
      entriesOfAtom[Int(atom)] += 1
    }
    for row in 0..<rowCount {
      for pair in pairs(of: row) {
        let (first, second) = (
          neighbors.first[Int(pairs[pair])], neighbors.second[Int(pairs[pair])]
        )
        // The ends of a pair between images of one atom move together.
        if first == second { continue }
        note(first, row)
        note(second, row)
      }
      movedStarts.append(Int32(movedAtoms.count))
    }
  }

  /// Rows that depend on no position.
  init(rowCount: Int) {
    self.rowCount = rowCount
    pairStarts = [Int32](repeating: 0, count: rowCount + 1)
    movedStarts = pairStarts
  }

  /// The places in `pairs` of a row's pairs.
  func pairs(of row: Int) -> Range<Int> { Int(pairStarts[row])..<Int(pairStarts[row + 1]) }

  /// The number of a moved atom's place among the entries of the atom.
  func entry(at place: Int) -> Int { Int(entries[place]) }

  /// The places in `movedAtoms` of the atoms that a row depends on.
  func moved(by row: Int) -> Range<Int> { Int(movedStarts[row])..<Int(movedStarts[row + 1]) }
}
