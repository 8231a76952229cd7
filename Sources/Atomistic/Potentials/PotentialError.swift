public import Graph

/// Why a potential gives no energy for a structure.
public enum PotentialError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The structure holds an element that the model was not made for.
  case unknownElement(Element, known: [Element])
  /// No neighbour list can be made.
  case neighbors(NeighborListError)
  /// The water model met something that is not made of water molecules.
  case notWater(atom: Int, found: String)
  /// The model's program does not fit its inputs.
  case feed(FeedError)
  /// Energy or forces are infinite or NaN.
  case notFinite(atom: Int)
  /// Pairs farther apart than the cutoff have an energy.
  case beyondCutoff(cutoff: Double, difference: Double)

  /// A sentence that says what was expected and what was found; atoms are counted from zero.
  public var description: String {
    switch self {
    case .unknownElement(let element, let known):
      """
      expected atoms of \(known.map(\.symbol).joined(separator: ", ")), found \(element.symbol): \
      the model was not made for it
      """
    case .neighbors(let error): error.description
    case .notWater(let atom, let found):
      """
      expected water molecules, each an oxygen with two hydrogens of its own within \
      \(WaterTopology.longestBond) angstrom, found \(found) at atom \(atom) (counted from 0)
      """
    case .feed(let error): error.description
    case .notFinite(let atom):
      """
      the force on atom \(atom) (counted from 0) or the energy is not finite: check the structure, \
      or the time step of the run that made it
      """
    case .beyondCutoff(let cutoff, let difference):
      """
      pairs beyond the cutoff of \(cutoff) angstrom change the energy by \(difference) eV: what they \
      add should vanish there, so multiply it by a cutoff function and leave out constants behind it
      """
    }
  }
}
