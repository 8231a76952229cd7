/// Why no neighbour list can be made of a structure.
public enum NeighborListError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Two atoms, or an atom and an image, are closer than `NeighborList.shortestDistance`.
  case overlap(first: Int, second: Int, distance: Double)
  /// A coordinate is infinite or NaN, or so far outside the cell that it has no precision left.
  case lostAtom(Int)
  /// The cell is so small for the cutoff that the list would not fit into memory.
  case tooManyPairs(estimate: Double)
  /// Another program does not know the neighbours of an atom that needs them.
  case noNeighborsGiven(Int)
  /// Another program has given a neighbour that is no other atom.
  case wrongNeighborGiven(Int, of: Int, count: Int)

  /// A sentence that names the atoms, counted from zero.
  public var description: String {
    switch self {
    case .overlap(let first, let second, let distance):
      """
      atoms \(first) and \(second) (counted from 0) lie on top of each other: expected a distance \
      of at least \(NeighborList.shortestDistance) angstrom, found \(distance); remove one of them
      """
    case .lostAtom(let atom):
      """
      atom \(atom) (counted from 0) has a position that is not finite or very far from its cell: \
      check the structure, or the time step of the run that made it
      """
    case .tooManyPairs(let estimate):
      """
      expected a cell that suits the cutoff, found one that gives about \(estimate) pairs: check \
      the cell and the units
      """
    case .noNeighborsGiven(let atom):
      """
      expected the neighbours of atom \(atom) (counted from 0), found none given: the program that \
      lists neighbours has to list those of copies of atoms, too
      """
    case .wrongNeighborGiven(let neighbor, let atom, let count):
      """
      expected neighbours of atom \(atom) (counted from 0) among the \(count) others, found \
      \(neighbor)
      """
    }
  }
}
