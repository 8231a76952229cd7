public import Graph
public import Tensors

extension Potential {
  /// The atomic energies, of which shape and variables have been looked at.
  ///
  /// Traps with a sentence where they are not `real[atoms]`, or two layers have one name.
  func checkedAtomicEnergies(_ inputs: AtomisticInputs) -> Symbol {
    let energies = atomicEnergies(inputs)
    let expected = Symbol.fill(0, [AtomisticInputs.atoms]).type
    ensure(
      energies.type == expected,
      "\(Self.self): atomicEnergies should give \(expected), one energy for each atom, not "
        + "\(energies.type)")
    let shared = Symbol.duplicateVariables(of: [energies])
    ensure(
      shared.isEmpty,
      "\(Self.self): two layers have variables of one name: \(shared.joined(separator: ", ")); give "
        + "layers names of their own, or make one that is shared once")
    return energies
  }

  /// Refuses a potential that gives energy to pairs beyond its cutoff, by the energy of a structure
  /// with and without such pairs.
  ///
  /// - Parameters:
  ///   - structure: A structure that the potential is made for.
  ///   - state: The weights; by default the initial values of the potential's variables.
  /// - Throws: `PotentialError.beyondCutoff`, or why the potential does not fit the structure.
  public func requireCutoff(
    on structure: Structure, state: State<Double>? = nil
  ) throws(PotentialError) {
    let energies = try [0, 1].map { skin throws(PotentialError) in
      let calculator = Calculator<Double>(
        self, state: state, skin: skin, computesStress: false)
      try calculator.evaluate(structure)
      return calculator.energy - energyOffset(of: structure)
    }
    let difference = abs(energies[1] - energies[0])
    guard difference <= 1e-9 * max(1, abs(energies[0])) else {
      throw .beyondCutoff(cutoff: cutoff, difference: difference)
    }
  }
}
