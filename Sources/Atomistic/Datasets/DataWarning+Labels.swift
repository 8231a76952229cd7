extension DataWarning {
  /// Warnings of labels that lie apart, and of those that are in another unit.
  package static func outliers(
    _ outliers: [LabelOutlier], among members: Int, _ properties: [Property]
  ) -> [DataWarning] {
    properties.flatMap { property -> [DataWarning] in
      let own = outliers.filter { $0.property == property.name }
      let rest = own.filter { $0.suspectedUnits == nil }
      return units(property, own.filter { $0.suspectedUnits != nil })
        + [apart(property, rest, among: members)].compactMap(\.self)
    }
  }

  /// The warning of labels that lie apart, if there are any.
  private static func apart(
    _ property: Property, _ outliers: [LabelOutlier], among members: Int
  ) -> DataWarning? {
    guard !outliers.isEmpty else { return nil }
    let places = outliers.map(\.structure)
    let list = list(places) { note(property, outliers[$0]) }
    return DataWarning(
      .outliers, structures: places,
      "\(plural(property)) of \(list) lie apart from those of the \(members - places.count) other "
        + "structures: look at the labels and at how they were computed")
  }

  /// Warnings of labels in another unit, one for each unit.
  private static func units(_ property: Property, _ outliers: [LabelOutlier]) -> [DataWarning] {
    var isForce = false
    if case .force = property.definition { isForce = true }
    let groups = Dictionary(grouping: outliers) { outlier in
      outlier.suspectedUnits.map {
        $0.energy.rawValue + (isForce ? "/\($0.length.rawValue)" : "")
      } ?? property.unit
    }
    return groups.sorted { $0.key < $1.key }.map { unit, outliers in
      let places = outliers.map(\.structure)
      return DataWarning(
        .units, structures: places,
        "\(plural(property)) of \(list(places) { note(property, outliers[$0]) }) would belong to those "
          + "of the other structures if they were in \(unit): look at their unit, and convert them "
          + "to \(property.unit)")
    }
  }

  /// A label beside the expected one.
  private static func note(_ property: Property, _ outlier: LabelOutlier) -> String {
    let (value, expected) = (Float(outlier.value), Float(outlier.expected))
    if case .energy = property.definition {
      return "\(value) eV per atom instead of about \(expected)"
    }
    return "root mean square \(value) \(property.unit), where the median is \(expected)"
  }

  /// Warnings of properties whose labels are zero, in all structures or in some.
  static func zeroLabels(
    _ properties: [Property], _ structures: [Structure], _ members: [Int]
  ) -> [DataWarning] {
    properties.compactMap { property in
      let sizes = members.compactMap { place in
        property.rootMeanSquare(of: structures[place]).map { (place: place, size: $0) }
      }
      let zeros = sizes.filter { $0.size <= LabelOutlier.zero && structures[$0.place].count > 2 }
      guard !zeros.isEmpty else { return nil }
      let advice = "leave labels out that are not known"
      if zeros.count == sizes.count {
        return DataWarning(
          .zeroLabels, "all \(zeros.count) labels of \(property.name) are zero: \(advice)")
      }
      // An energy may be the zero that the others are counted from.
      if case .energy = property.definition { return nil }
      return DataWarning(
        .zeroLabels, structures: zeros.map(\.place),
        "\(plural(property)) of \(list(zeros.map(\.place))) are zero, and those of the others are not: "
          + advice)
    }
  }

  /// The labels of a property as the subject of a sentence.
  private static func plural(_ property: Property) -> String {
    switch property.definition {
    case .energy: "energies"
    case .force: "forces"
    case .stress: "stresses"
    case .own: "values of \(property.name)"
    }
  }
}

extension InteractionEnergies {
  /// The warning that references cannot belong to the data, beside labels that are known to be wrong.
  func warnings(
    _ structures: [Structure], _ members: [Int], besides outliers: [LabelOutlier]
  ) -> [DataWarning] {
    let known = Set(outliers.map(\.structure))
    let absurd = members.compactMap { place -> (place: Int, perAtom: Double)? in
      guard let energy = energies[place], structures[place].count > 0, !known.contains(place) else {
        return nil
      }
      let perAtom = energy / Double(structures[place].count)
      return abs(perAtom) <= Self.largestPerAtom ? nil : (place, perAtom)
    }
    guard let worst = absurd.max(by: { abs($0.perAtom) < abs($1.perAtom) }) else { return [] }
    return [
      DataWarning(
        .references, structures: absurd.map(\.place),
        "structure \(worst.place) differs from its lone atoms by \(Float(worst.perAtom)) eV per atom, "
          + "where at most \(Self.largestPerAtom) can be: check that the reference energies come "
          + "from the same method and are in eV, and that they have not been subtracted before")
    ]
  }
}
