public import Tensors

/// The energy of a lone atom of each element, which models add and subtract.
///
/// A model learns the small rest, `E - Σ_i E_0(element of i)`.
public struct ReferenceEnergies: Hashable, Sendable, Codable {
  /// The energy of an atom of each element in eV.
  public let energies: [Element: Double]

  /// The rank of the fit: the number of energies that the data determine; all where they were given.
  public let rank: Int

  /// Takes known energies in eV, such as those of isolated atoms.
  public init(_ energies: [Element: Double]) {
    self.energies = energies
    rank = energies.count
  }

  /// Takes the energies of atoms from lone ones, on average, and fits those of other elements to the energies
  /// of structures, per atom, by least squares.
  ///
  /// Energies far from those of all others, such as one of the wrong size or unit, are left out. Structures
  /// of one stoichiometry do not determine energies: then those with the smallest sum of squares are
  /// taken among all that fit, `report` says so.
  ///
  /// - Throws: `LinearAlgebra.Failure` where an energy is not finite.
  public init(fitting structures: [Structure]) throws(LinearAlgebra.Failure) {
    let outliers = Set(
      try EnergyOutliers(structures, members: structures.indices).outliers.filter(\.isGross)
        .map(\.structure))
    let labelled = structures.enumerated().compactMap {
      number, structure -> (structure: Structure, energy: Double)? in
      outliers.contains(number) || structure.count == 0
        ? nil : structure.labels.energy.map { (structure: structure, energy: $0) }
    }
    let lone = Dictionary(grouping: labelled.filter(\.structure.isLoneAtom)) {
      $0.structure.elements[0]
    }
    var energies = lone.mapValues { $0.reduce(0) { $0 + $1.energy } / Double($0.count) }
    let elements = Set(structures.flatMap(\.elements)).subtracting(lone.keys).sorted()
    var (matrix, rest): ([Double], [Double]) = ([], [])
    for (structure, energy) in labelled {
      let (composition, atoms) = (structure.composition, Double(structure.count))
      let known = composition.reduce(0) { $0 + Double($1.value) * (energies[$1.key] ?? 0) }
      matrix += elements.map { Double(composition[$0] ?? 0) / atoms }
      rest.append((energy - known) / atoms)
    }
    var rank = lone.count
    if !elements.isEmpty {
      let fit = try LeastSquares(
        matrix, rows: rest.count, columns: elements.count, rightHandSides: rest, tolerance: 1e-9)
      energies.merge(zip(elements, fit.solution)) { $1 }
      rank += fit.rank
    }
    (self.energies, self.rank) = (energies, rank)
  }

  /// Whether the data left the energies of single elements open.
  public var isRankDeficient: Bool { rank < energies.count }

  /// A sentence on what the data left open, or nil.
  public var report: String? {
    guard isRankDeficient else { return nil }
    let symbols = energies.keys.sorted().map(\.symbol).joined(separator: ", ")
    return """
      the compositions determine only \(rank) of the \(energies.count) energies of \(symbols): the \
      smallest ones that fit were taken; they are right for structures of the same stoichiometry, \
      but energies of other compositions need structures of other compositions
      """
  }

  /// The energy of the lone atoms of a structure in eV, nil with an element that has none.
  public func energy(of structure: Structure) -> Double? {
    var sum = 0.0
    for element in structure.elements {
      guard let energy = energies[element] else { return nil }
      sum += energy
    }
    return sum
  }

  /// Subtracts the energies of lone atoms.
  ///
  /// The result is no list of structures, so they cannot be subtracted twice.
  public func interactionEnergies(of structures: [Structure]) -> InteractionEnergies {
    InteractionEnergies(structures, reference: self)
  }
}

/// Energies less the reference energies of their atoms; `totals` adds these again.
public struct InteractionEnergies: Hashable, Sendable {
  /// The energies of lone atoms that were subtracted.
  public let reference: ReferenceEnergies
  /// The rest for each structure in eV; nil without a label or with an element that has none.
  public let energies: [Double?]
  /// The energies of lone atoms for each structure in eV.
  public let references: [Double?]

  init(_ structures: [Structure], reference: ReferenceEnergies) {
    self.reference = reference
    references = structures.map(reference.energy)
    energies = zip(structures, references).map { structure, sum in
      guard let energy = structure.labels.energy, let sum else { return nil }
      return energy - sum
    }
  }

  /// The energies with those of lone atoms in eV.
  public var totals: [Double?] {
    zip(energies, references).map { energy, sum in
      guard let energy, let sum else { return nil }
      return energy + sum
    }
  }

  /// The rest in eV per atom beyond which references cannot belong to the data.
  ///
  /// No substance is bound by more than about 9 eV per atom.
  public static let largestPerAtom = 15.0
}
