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
