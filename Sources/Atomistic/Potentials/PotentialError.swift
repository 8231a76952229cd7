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
  /// Pairs beyond the cutoff change the energy, in eV; lengths in angstrom.
  case beyondCutoff(change: Double, cutoff: Double, skin: Double)

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
    case .beyondCutoff(let change, let cutoff, let skin):
      """
      expected no energy of pairs beyond the potential's cutoff of \(cutoff) angstrom, found that pairs \
      up to \(cutoff + skin) angstrom change atomic energies by \(Float(change)) eV: multiply what a \
      pair adds by a function that vanishes at the cutoff, such as Cutoff of Layers, and leave out \
      constants behind it
      """
    }
  }
}
