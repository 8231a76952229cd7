/// What the header of a frame says: cell, labels and units, in the units of the library.
struct ExtendedXYZMeaning {
  private(set) var cell: Cell?
  private(set) var energy: Double?
  private(set) var stress: Matrix3?
  private(set) var name: String?
  private(set) var info: [String: String] = [:]
  /// The values of further properties by name.
  private(set) var others: [String: Labels.Values] = [:]
  /// The units that were used.
  let units: UnitSystem
  /// Whether the header names its units.
  let namesUnits: Bool
  /// The unit of velocities, where the header names it.
  let velocityUnit: VelocityUnit?
  /// The keys that gave further properties, by the properties' names.
  private(set) var otherKeys: [String: String] = [:]
  /// The labels and what was passed over, under their keys.
  private(set) var inventory = LabelInventory()

  let lines: TextLines
  /// The keys that have been understood, in lower case.
  private var used = structuralKeys
  /// Chosen keys that the line has in the case in which they were chosen.
  private var usedAsWritten: Set<String> = []

  init(
    _ header: ExtendedXYZHeader, atoms: Int, options: ExtendedXYZ.Options, lines: TextLines
  ) throws(FormatError) {
    self.lines = lines
    let named = try ExtendedXYZUnits(header, chosen: options.units, lines)
    units = named.system
    namesUnits = named.areNamed
    velocityUnit = named.velocity
    try readCell(header, options.units)
    let keys = options.keys
    if options.labels.contains(.energy) { try readEnergy(header, keys, options.units) }
    if options.labels.contains(.stress) { try readStress(header, keys) }
    if options.labels.contains(.others) { try readOthers(header, atoms, keys) }
    if header.isBroken { ignore("comment") }
    for entry in header.entries
    where !used.contains(entry.key.lowercased()) && !usedAsWritten.contains(entry.key) {
      keep(entry, options)
    }
  }

  /// Keys whose meaning is fixed and which the writer makes anew.
  static let structuralKeys: Set = [
    "lattice", "properties", "pbc", "length_unit", "energy_unit", "velocity_unit", "units",
  ]

  private mutating func ignore(_ key: String) { inventory.ignored[key] = 1 }

  /// Keeps an entry without a meaning here as further information, and counts it.
  private mutating func keep(_ entry: ExtendedXYZHeader.Entry, _ options: ExtendedXYZ.Options) {
    let key = entry.key.lowercased()
    if key == "name" {
      name = name ?? entry.value
      return
    }
    let isLabel = options.keys.isLabel(key)
    if isLabel, !options.labels.contains(.all) { return }
    if let first = info[entry.key] {
      if first != entry.value { ignore("\(entry.key) (a second time)") }
      return
    }
    info[entry.key] = entry.value
    let mayBeEnergy =
      options.labels.contains(.energy) && energy == nil
      && LabelKeys.likelyEnergies.contains(key)
    if isLabel || mayBeEnergy { ignore(entry.key) } else { inventory.kept[entry.key] = 1 }
  }

  private mutating func readCell(
    _ header: ExtendedXYZHeader, _ chosen: UnitSystem?
  ) throws(FormatError) {
    if let ipi = header.ipi {
      guard let length = chosen?.length ?? ipi.cellLength, chosen != nil || ipi.length != nil else {
        throw lines.fault(
          key: "CELL", expected: "positions{angstrom} or positions{atomic_unit}", found: "neither",
          advice: "add it, or say --length-unit and --energy-unit")
      }
      let vectors = ipi.vectors * length.inAngstrom
      guard Cell.isValid(vectors) else {
        throw lines.fault(
          key: "CELL", expected: "lengths and angles that span a volume",
          found: "\(vectors.rowMajor)")
      }
      cell = Cell(vectors)
      return
    }
    var periodicity: Periodicity?
    if let entry = try header.entry("pbc", lines) { periodicity = try self.periodicity(entry) }
    guard let entry = try header.entry("lattice", lines) else {
      guard periodicity == nil || periodicity == Periodicity.none else {
        throw lines.fault(
          key: "pbc", expected: "Lattice=\"...\" with nine numbers, since pbc is true",
          found: "no Lattice")
      }
      return
    }
    let values = try numbers(entry, counts: [9])
    let axes = periodicity ?? .all
    guard let vectors = Cell.completing(Matrix3(rowMajor: values) * units.lengthFactor) else {
      guard axes == .none else { throw flat(entry) }
      return
    }
    let given = Matrix3(rowMajor: values)
    for axis in 0..<3 where axes[axis] && given[axis] == .zero { throw flat(entry) }
    guard Cell.isValid(vectors) else { throw flat(entry) }
    cell = Cell(vectors, periodicity: axes)
  }

  private func flat(_ entry: ExtendedXYZHeader.Entry) -> FormatError {
    lines.fault(
      key: entry.key, expected: "three vectors that span a volume",
      found: TextLines.quoted(entry.value),
      advice: "set pbc to F along directions without a lattice vector")
  }

  private func periodicity(_ entry: ExtendedXYZHeader.Entry) throws(FormatError) -> Periodicity {
    let fields = Self.fields(entry.value)
    let words = fields.count == 1 && fields[0].count == 3 ? fields[0].map(String.init) : fields
    let flags: [Bool] = words.compactMap {
      switch $0.lowercased() {
      case "t", "true", "1", ".true.": true
      case "f", "false", "0", ".false.": false
      default: nil
      }
    }
    guard flags.count == words.count, [1, 3].contains(flags.count) else {
      throw lines.fault(
        key: entry.key, expected: "three flags as in \"T T F\"",
        found: TextLines.quoted(entry.value))
    }
    var result = Periodicity.none
    for axis in 0..<3 where flags[flags.count == 1 ? 0 : axis] {
      result.insert(Periodicity(rawValue: 1 << UInt8(axis)))
    }
    return result
  }

  /// The first entry of some keys, which then are used.
  private mutating func first(
    _ keys: [String], _ header: ExtendedXYZHeader, matchesCase: Bool
  ) throws(FormatError) -> ExtendedXYZHeader.Entry? {
    for key in keys {
      guard let entry = try header.entry(key, matchesCase: matchesCase, lines) else { continue }
      // The same key in another case may mean something else then.
      if matchesCase, entry.key == key {
        usedAsWritten.insert(key)
      } else {
        used.insert(key.lowercased())
      }
      return entry
    }
    return nil
  }

  private mutating func readEnergy(
    _ header: ExtendedXYZHeader, _ keys: LabelKeys, _ chosen: UnitSystem?
  ) throws(FormatError) {
    let entry = try first(keys.energies, header, matchesCase: keys.energy != nil)
    guard let entry else { return }
    guard !saysNone(entry) else {
      inventory.energy.addMissing(entry.key)
      return
    }
    // A unit behind the number, as in `energy=-7.5 Ha`, would be as silent as another word.
    let foreign: Set = ["hartree", "ha", "ry", "rydberg", "kcal/mol", "kj/mol", "au", "a.u."]
    if chosen == nil, units.energy == .electronVolt,
      let word = header.bareWords.intersection(foreign).min()
    {
      throw lines.fault(
        key: entry.key, expected: "an energy in eV, or energy_unit=...",
        found: "the word \(TextLines.quoted(word)) on the line",
        advice: "say the unit with energy_unit= in the header, or --length-unit and --energy-unit")
    }
    let value = try numbers(entry, counts: [1])[0] * units.energyFactor
    guard abs(value) <= LabelLimits.energy else {
      throw lines.fault(
        key: entry.key, expected: LabelLimits.expected(LabelLimits.energy, "eV"),
        found: TextLines.quoted(entry.value))
    }
    energy = value
    inventory.energy.add(entry.key)
  }

  private mutating func readStress(
    _ header: ExtendedXYZHeader, _ keys: LabelKeys
  ) throws(FormatError) {
    let isChosen = keys.stress != nil
    let found = [
      try first(keys.stresses, header, matchesCase: isChosen),
      try first(keys.virials, header, matchesCase: isChosen),
    ]
    let present = found.map { $0.flatMap { saysNoMatrix($0) ? nil : $0 } }
    guard let entry = present[0] ?? present[1] else {
      if let first = found.lazy.compactMap(\.self).first {
        inventory.stress.addMissing(first.key)
      }
      return
    }
    guard let cell, cell.periodicity == .all else {
      for entry in present.compactMap(\.self) {
        info[entry.key] = entry.value
        ignore("\(entry.key) (no cell)")
      }
      return
    }
    var fromStress: Matrix3?
    var fromVirial: Matrix3?
    if let direct = present[0] { fromStress = try matrix(direct) * units.stressFactor }
    if let virial = present[1] {
      fromVirial = try matrix(virial) * (-units.energyFactor / cell.volume)
    }
    if let fromStress, let fromVirial, let direct = present[0], let virial = present[1] {
      let difference = (fromStress - fromVirial).frobeniusNorm
      guard difference <= 1e-3 * fromStress.frobeniusNorm + 1e-6 else {
        throw lines.fault(
          key: "\(direct.key) and \(virial.key)", expected: "stress = -virial/volume",
          found: "values that do not agree", advice: "choose one with --stress-key")
      }
    }
    guard let value = fromStress ?? fromVirial else { return }
    guard value.rowMajor.allSatisfy({ abs($0) <= LabelLimits.stress }) else {
      throw lines.fault(
        key: entry.key, expected: LabelLimits.expected(LabelLimits.stress, "eV/angstrom^3"),
        found: TextLines.quoted(entry.value))
    }
    stress = value
    inventory.stress.add(entry.key)
  }

  private mutating func readOthers(
    _ header: ExtendedXYZHeader, _ atoms: Int, _ keys: LabelKeys
  ) throws(FormatError) {
    for (property, other) in keys.others {
      guard let entry = try first([other.key], header, matchesCase: true) else { continue }
      otherKeys[property] = entry.key
      guard !saysNone(entry) else {
        inventory.others[property, default: .init()].addMissing(entry.key)
        continue
      }
      let count = other.carrier == .atom ? atoms * other.components : other.components
      others[property] = Labels.Values(
        carrier: other.carrier, try numbers(entry, counts: [count]))
      inventory.others[property, default: .init()].add(entry.key)
    }
  }
}
