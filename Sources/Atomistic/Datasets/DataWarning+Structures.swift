extension DataWarning {
  /// The difference in eV per atom up to which the energies of copies agree.
  private static let agreement = 1e-3

  /// Warnings of copies: several in the set, with different energies, on both sides of the division.
  static func copies(
    _ groups: [[Int]], _ structures: [Structure], training: [Int], _ validation: [Int]
  ) -> [DataWarning] {
    guard let largest = groups.max(by: { $0.count < $1.count }) else { return [] }
    var warnings: [DataWarning] = []
    let members = training.count + validation.count
    let extra = groups.reduce(0) { $0 + $1.count - 1 }
    let text =
      extra == members - 1 && members > 1
      ? "all \(members) structures are copies of one"
      : "\(extra) of \(members) structures are copies of others, such as \(list(largest))"
    warnings.append(DataWarning(.duplicates, structures: groups.flatMap { $0.dropFirst() }, text))

    let contrary = groups.filter { group in
      let energies = group.compactMap { place in
        structures[place].labels.energy.map { $0 / Double(structures[place].count) }
      }
      guard let low = energies.min(), let high = energies.max() else { return false }
      return high - low > agreement
    }
    if let first = contrary.first {
      warnings.append(
        DataWarning(
          .contradictions, structures: contrary.flatMap(\.self),
          "\(list(first)) are copies with different energies: at most one of these is right"
            + (contrary.count > 1 ? "; so it is in \(contrary.count - 1) more cases" : "")))
    }

    let (trained, validated) = (Set(training), Set(validation))
    let leaked = groups.filter { $0.contains(where: trained.contains) }
      .flatMap { $0.filter(validated.contains) }.sorted()
    if !leaked.isEmpty {
      warnings.append(
        DataWarning(
          .leakage, structures: leaked,
          "\(leaked.count) of \(validated.count) structures to validate with are among those to train "
            + "on, such as \(list(leaked)): the validation error is too small"))
    }
    return warnings
  }

  /// Warnings of atoms that are too close, or whose distances cannot be measured.
  static func distances(
    _ crowded: [AtomDistance], _ faults: [(structure: Int, error: NeighborListError)]
  ) -> [DataWarning] {
    var warnings: [DataWarning] = []
    if let worst = crowded.min(by: { $0.distance < $1.distance }) {
      let places = crowded.map(\.structure)
      warnings.append(
        DataWarning(
          .shortDistances, structures: places,
          "atoms \(worst.first) and \(worst.second) of structure \(worst.structure) are "
            + "\(Float(worst.distance)) angstrom apart, closer than bonds ever are"
            + (places.count > 1 ? "; so are atoms of \(places.count - 1) more structures" : "")))
    }
    if let first = faults.first {
      warnings.append(
        DataWarning(
          .overlaps, structures: faults.map(\.structure),
          "structure \(first.structure): \(first.error)"
            + (faults.count > 1 ? "; \(faults.count - 1) more structures have such faults" : "")))
    }
    return warnings
  }

  /// The part of all atoms that may be without a neighbour: molecules come apart, and gases are thin.
  private static let loneAtoms = 0.05

  /// The warning that many atoms have no neighbour, which hints at wrong units.
  static func noNeighbors(
    _ structures: [Int], atoms count: Int, of atoms: Int, cutoff: Double
  ) -> [DataWarning] {
    guard Double(count) > loneAtoms * Double(atoms) else { return [] }
    return [
      DataWarning(
        .noNeighbors, structures: structures,
        "\(count) of \(atoms) atoms have no neighbour within \(Float(cutoff)) angstrom, such as in "
          + "\(list(structures)): check the unit of length")
    ]
  }
}
