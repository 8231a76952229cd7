/// The neighbours that another program has given, of the atoms whose neighbours matter.
struct GivenNeighbors: Sendable {
  /// Whether the neighbours of each atom matter.
  private(set) var isActive: [Bool] = []
  /// The atoms whose neighbours were asked for, in the order of asking.
  private var atoms: [Int] = []
  /// The neighbours of all of `atoms`, one atom after another.
  private var neighbors: [Int32] = []
  /// The place of the first neighbour of each atom, and of its last one's successor.
  private var ranges: [Range<Int>] = []

  /// The neighbours of an atom; none where they do not matter.
  func neighbors(of atom: Int) -> ArraySlice<Int32> { neighbors[ranges[atom]] }

  /// Whether the same neighbours are given again.
  func isSame(_ neighborsOf: (Int) -> UnsafeBufferPointer<Int32>?) -> Bool {
    neighbors.withUnsafeBufferPointer { old in
      atoms.allSatisfy { atom in
        guard let new = neighborsOf(atom), new.count == ranges[atom].count else { return false }
        let start = ranges[atom].lowerBound
        for index in 0..<new.count where new[index] != old[start + index] { return false }
        return true
      }
    }
  }

  /// Asks for the neighbours of the atoms that contribute, and of those that these can be reached from
  /// by fewer pairs than `depth`, none longer than `reach` in angstrom.
  mutating func read(
    _ domain: Domain, depth: Int, reach: Double,
    _ neighborsOf: (Int) -> UnsafeBufferPointer<Int32>?
  ) throws(NeighborListError) {
    let count = domain.count
    isActive.resize(to: 0, filling: false)
    isActive += domain.contributes
    ranges.resize(to: 0, filling: 0..<0)
    ranges.resize(to: count, filling: 0..<0)
    neighbors.resize(to: 0, filling: 0)
    atoms.resize(to: 0, filling: 0)
    for atom in 0..<count where isActive[atom] { atoms.append(atom) }
    var next = 0
    for level in 1...depth {
      let end = atoms.count
      while next < end {
        let atom = atoms[next]
        next += 1
        guard let given = neighborsOf(atom) else { throw .noNeighborsGiven(atom) }
        let start = neighbors.count
        neighbors.append(contentsOf: given)
        ranges[atom] = start..<neighbors.count
        for second in given {
          guard 0..<count ~= Int(second), Int(second) != atom else {
            throw .wrongNeighborGiven(Int(second), of: atom, count: count)
          }
        }
        guard level < depth else { continue }
        for second in given where !isActive[Int(second)] {
          let distance = (domain.positions[Int(second)] - domain.positions[atom]).length
          if distance < reach {
            isActive[Int(second)] = true
            atoms.append(Int(second))
          }
        }
      }
    }
  }
}
