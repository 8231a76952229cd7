/// Where the descriptors of one structure and their derivatives lie.
///
/// An atom of an element is a row of that element. The energies of all atoms within the cutoff depend
/// on where atom a is: for each a and each element there is a slab `[3, rows, functions]` of
/// derivatives along the three axes, so that what a force component needs lies side by side.
struct DescriptorLayout {
  /// The atoms of each element, in order: the rows.
  var atoms: [[Int32]]

  /// The first row entry for each pair of moved atom and element, and the end of the last.
  var starts: [Int32]

  /// The rows that depend on a moved atom, for each pair of moved atom and element.
  var rows: [Int32]

  /// Where the descriptors of each element lie, in elements from the start of the structure's block.
  var values: [Int]

  /// Where the slab of each pair of moved atom and element lies.
  var slabs: [Int]

  /// The number of elements of the structure's block.
  var count: Int

  /// The number of chemical elements that have functions.
  private let elementCount: Int

  /// Lays out a structure of which `element[i]` is the place of atom i's element among those that
  /// have functions, `widths` functions each.
  init(neighbors: NeighborList, element: [Int], widths: [Int]) {
    elementCount = widths.count
    var atoms: [[Int32]] = widths.map { _ in [] }
    for (atom, place) in element.enumerated() { atoms[place].append(Int32(atom)) }
    self.atoms = atoms

    var counts = [Int32](repeating: 0, count: element.count * widths.count + 1)
    for atom in element.indices {
      DescriptorLayout.forEachMovedAtom(of: atom, in: neighbors) { moved, _ in
        counts[moved * widths.count + element[atom] + 1] += 1
      }
    }
    for index in 1..<counts.count { counts[index] += counts[index - 1] }
    starts = counts

    var rows = [Int32](repeating: 0, count: Int(counts[counts.count - 1]))
    var cursor = counts
    var nextRow = [Int32](repeating: 0, count: widths.count)
    for atom in element.indices {
      let place = element[atom]
      DescriptorLayout.forEachMovedAtom(of: atom, in: neighbors) { moved, _ in
        let index = moved * widths.count + place
        rows[Int(cursor[index])] = nextRow[place]
        cursor[index] += 1
      }
      nextRow[place] += 1
    }
    self.rows = rows

    count = 0
    values = []
    slabs = []
    for (place, width) in widths.enumerated() {
      values.append(count)
      count += atoms[place].count * width
    }
    for index in 0..<element.count * widths.count {
      slabs.append(count)
      count += 3 * Int(starts[index + 1] - starts[index]) * widths[index % widths.count]
    }
  }

  /// The entries of `rows` for a moved atom and an element.
  func entries(moved atom: Int, _ element: Int) -> Range<Int> {
    let index = atom * elementCount + element
    return Int(starts[index])..<Int(starts[index + 1])
  }

  /// The start of the slab for a moved atom and an element.
  func slab(moved atom: Int, _ element: Int) -> Int { slabs[atom * elementCount + element] }

  /// Calls the body for each atom whose position atom i's descriptors depend on, itself first, with
  /// the pairs of i that lead to it.
  ///
  /// Images of i itself move along with it: the pairs given for atom i itself are those that do not
  /// change.
  static func forEachMovedAtom(
    of atom: Int, in neighbors: NeighborList, _ body: (_ moved: Int, _ pairs: Range<Int>) -> Void
  ) {
    let pairs = neighbors.pairs(of: atom)
    var images = pairs.lowerBound..<pairs.lowerBound
    if let first = pairs.first(where: { Int(neighbors.second[$0]) == atom }) {
      let end = pairs[first...].first { Int(neighbors.second[$0]) != atom } ?? pairs.upperBound
      images = first..<end
    }
    body(atom, images)
    var start = pairs.lowerBound
    while start < pairs.upperBound {
      var end = start + 1
      while end < pairs.upperBound && neighbors.second[end] == neighbors.second[start] { end += 1 }
      let moved = Int(neighbors.second[start])
      if moved != atom { body(moved, start..<end) }
      start = end
    }
  }
}
