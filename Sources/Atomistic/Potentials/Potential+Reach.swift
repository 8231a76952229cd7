import Graph

/// How far the energy of an atom reaches, as the graph shows it.
extension Potential {
  /// The number of pairs, one behind the other, by which the energy of an atom depends on others.
  ///
  /// It is 1 for functions of an atom's neighbours and the number of blocks for message passing; atoms
  /// further away than this many times the cutoff do not matter. Pairs that are computed once and
  /// shared by both atoms count twice, as the energy needs the pairs of the neighbours too.
  public var interactionDepth: Int {
    let inputs = AtomisticInputs(.unstrained)
    return max(1, hopCount(to: [atomicEnergies(inputs)], local: localIndices(inputs)) ?? 0)
  }

  /// Whether an atom's place in the lists `AtomisticInputs.atoms(of:)` matters to its own energy alone.
  ///
  /// Atoms whose energies are not wanted can then be left out of the lists.
  var listsMatterToOwnEnergies: Bool {
    let inputs = AtomisticInputs(.unstrained)
    let lists = Set(elements.map { inputs.atoms(of: $0) })
    let count = hopCount(
      to: [atomicEnergies(inputs)], from: lists, local: localIndices(inputs))
    return (count ?? 0) == 0
  }

  /// The indices that lead from an atom to itself, its own pairs, its element or its structure.
  private func localIndices(_ inputs: AtomisticInputs) -> Set<Symbol> {
    Set(
      elements.map { inputs.atoms(of: $0) }
        + [inputs.first, inputs.starts, inputs.elements, inputs.structureOfAtom])
  }
}
