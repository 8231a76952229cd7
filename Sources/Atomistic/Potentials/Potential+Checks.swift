import Graph
import Tensors

/// Checks that refuse a wrong potential before its energies are used.
extension Potential {
  /// The energy of each atom, [atoms], of a graph that has passed the checks.
  ///
  /// Traps where the potential gives another type than real numbers [atoms], and where two variables of
  /// its graph were made separately under one name: they would share their weights unnoticed.
  func checkedAtomicEnergies(_ inputs: AtomisticInputs) -> Symbol {
    let energies = atomicEnergies(inputs)
    ensure(
      energies.type.elements == .real && energies.shape == [AtomisticInputs.atoms],
      "\(Self.self).atomicEnergies should give real[atoms], the energy of each atom, but gives "
        + "\(energies.type)")
    let names = Symbol.duplicateVariables(of: [energies])
    ensure(
      names.isEmpty,
      "\(Self.self).atomicEnergies has separate variables of one name: "
        + "\(names.joined(separator: ", ")); make each layer once, or give it a name of its own")
    return energies
  }
}

/// A comparison of the energies with pairs up to the cutoff and those with longer pairs.
enum CutoffCheck {
  /// How far beyond the cutoff pairs are listed at least, in angstrom.
  static let shortestSkin = 0.5

  /// Refuses a potential whose atoms interact beyond its cutoff.
  ///
  /// Energies are the same when `Σ_i |e_i - e'_i|` is at most `√ulp Σ_i (|e_i| + 0.1 eV)`: longer pairs
  /// that add nothing change round-off alone.
  ///
  /// - Parameters:
  ///   - potential: The potential.
  ///   - skin: How far beyond the cutoff the longer pairs reach.
  ///   - energies: The energies of a structure's atoms with pairs up to the cutoff and a skin.
  /// - Throws: `PotentialError.beyondCutoff`, and what `energies` throws.
  static func require<Scalar: RealScalar>(
    _ potential: any Potential, skin: Double,
    _ energies: (_ skin: Double) throws(PotentialError) -> [Scalar]
  ) throws(PotentialError) {
    let skin = max(skin, shortestSkin)
    let (short, long) = (try energies(0), try energies(skin))
    var (change, size) = (0.0, 0.0)
    for (first, second) in zip(short, long) {
      change += abs(Double(first) - Double(second))
      size += abs(Double(first)) + 0.1
    }
    // What is not finite is refused elsewhere.
    guard change.isFinite, change > Double(Scalar.ulpOfOne.squareRoot()) * size else { return }
    throw .beyondCutoff(change: change, cutoff: potential.cutoff, skin: skin)
  }
}

extension Calculator {
  /// Refuses a potential that gives energy to pairs beyond its cutoff, as far as a structure has any.
  ///
  /// Leaves the feed with another list of pairs.
  package func requireCutoff(_ structure: Structure) throws(PotentialError) {
    try CutoffCheck.require(potential, skin: skin) { skin throws(PotentialError) -> [Scalar] in
      try atomicEnergies(of: structure, skin: skin)
    }
  }
}
