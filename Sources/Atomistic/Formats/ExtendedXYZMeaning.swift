/// What the header of a frame says: cell, labels and units, in the units of the library.
struct ExtendedXYZMeaning {
  var cell: Cell?
  var energy: Double?
  var stress: Matrix3?
  var name: String?
  var info: [String: String] = [:]
  /// The values of further properties by name.
  var others: [String: [Double]] = [:]
  /// The units that were used.
  var units: UnitSystem
  /// Whether the header names its units.
  var namesUnits = false
  /// The keys that gave energy and stress, and label-like keys that were passed over.
  var energyKey: String?
  var stressKey: String?
  /// The keys that gave further properties, by the properties' names.
  var otherKeys: [String: String] = [:]
  var ignored: [String] = []

  private let lines: TextLines

  init(
    _ header: ExtendedXYZHeader, options: ExtendedXYZ.Options, lines: TextLines
  ) throws(FormatError) {
    self.lines = lines
    units = options.units ?? .standard
    if options.units == nil { try readUnits(header) }
    try readCell(header)
    try readEnergy(header, options.keys)
    try readStress(header, options.keys)
    try readOthers(header, options.keys)
    let used = Set(otherKeys.values)
    for entry in header.entries {
      let key = entry.key.lowercased()
      if Self.structuralKeys.contains(key) || entry.key == energyKey || entry.key == stressKey
        || used.contains(entry.key)
      {
        continue
      }
      if key == "name" {
        name = entry.value
      } else {
        info[entry.key] = entry.value
        if LabelKeys.customaryHeaderKeys.contains(key) { ignored.append(entry.key) }
      }
    }
  }

  /// Keys whose meaning is fixed and which the writer makes anew.
  static let structuralKeys: Set = [
    "lattice", "properties", "pbc", "length_unit", "energy_unit", "units",
  ]

  private mutating func readUnits(_ header: ExtendedXYZHeader) throws(FormatError) {
    if let entry = header["units"] {
      switch entry.value.lowercased() {
      case "metal", "ev", "ase", "angstrom and ev": units = .standard
      case "atomic", "au", "a.u.", "bohr and hartree": units = .atomic
      default:
        throw unknownUnit(entry, "metal (angstrom and eV) or atomic (bohr and hartree)")
      }
      namesUnits = true
    }
    if let entry = header["length_unit"] {
      switch entry.value.lowercased() {
      case "angstrom", "ang", "a", "å": units.length = .angstrom
      case "bohr", "a0", "au", "a.u.": units.length = .bohr
      default: throw unknownUnit(entry, "angstrom or bohr")
      }
      namesUnits = true
    }
    if let entry = header["energy_unit"] {
      switch entry.value.lowercased() {
      case "ev", "electronvolt": units.energy = .electronVolt
      case "hartree", "ha", "au", "a.u.": units.energy = .hartree
      case "kcal/mol": units.energy = .kilocaloriePerMole
      case "kj/mol": units.energy = .kilojoulePerMole
      default: throw unknownUnit(entry, "eV, hartree, kcal/mol or kJ/mol")
      }
    }
  }

  private func unknownUnit(_ entry: ExtendedXYZHeader.Entry, _ known: String) -> FormatError {
    lines.fault(
      key: entry.key, expected: known, found: TextLines.quoted(entry.value),
      advice: "say what the units are with --length-unit and --energy-unit")
  }

  private mutating func readCell(_ header: ExtendedXYZHeader) throws(FormatError) {
    var periodicity: Periodicity?
    if let entry = header["pbc"] { periodicity = try self.periodicity(entry) }
    guard let entry = header["lattice"] else {
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

  private mutating func readEnergy(
    _ header: ExtendedXYZHeader, _ keys: LabelKeys
  ) throws(FormatError) {
    guard let entry = keys.energies.lazy.compactMap({ header[$0] }).first else { return }
    let value = try numbers(entry, counts: [1])[0] * units.energyFactor
    guard abs(value) <= LabelLimits.energy else {
      throw lines.fault(
        key: entry.key, expected: LabelLimits.expected(LabelLimits.energy, "eV"),
        found: TextLines.quoted(entry.value))
    }
    (energy, energyKey) = (value, entry.key)
  }

  private mutating func readStress(
    _ header: ExtendedXYZHeader, _ keys: LabelKeys
  ) throws(FormatError) {
    let direct = keys.stresses.lazy.compactMap { header[$0] }.first
    let virial = keys.virials.lazy.compactMap { header[$0] }.first
    guard let entry = direct ?? virial else { return }
    guard let cell, cell.periodicity == .all else {
      ignored.append(contentsOf: [direct, virial].compactMap { $0.map { "\($0.key) (no cell)" } })
      return
    }
    var fromStress: Matrix3?
    var fromVirial: Matrix3?
    if let direct { fromStress = try matrix(direct) * units.stressFactor }
    if let virial { fromVirial = try matrix(virial) * (-units.energyFactor / cell.volume) }
    if let fromStress, let fromVirial, let direct, let virial {
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
    (stress, stressKey) = (value, entry.key)
  }

  private mutating func readOthers(
    _ header: ExtendedXYZHeader, _ keys: LabelKeys
  ) throws(FormatError) {
    for (property, key) in keys.others {
      guard let entry = header[key] else { continue }
      others[property] = try numbers(entry)
      otherKeys[property] = entry.key
    }
  }

  /// Nine numbers row by row, or six in Voigt's order xx yy zz yz xz xy.
  private func matrix(_ entry: ExtendedXYZHeader.Entry) throws(FormatError) -> Matrix3 {
    let v = try numbers(entry, counts: [9, 6])
    return v.count == 9
      ? Matrix3(rowMajor: v)
      : Matrix3([v[0], v[5], v[4]], [v[5], v[1], v[3]], [v[4], v[3], v[2]])
  }

  private func numbers(
    _ entry: ExtendedXYZHeader.Entry, counts: [Int]
  ) throws(FormatError) -> [Double] {
    let values = try numbers(entry)
    guard counts.contains(values.count) else {
      let count = counts.map(String.init).joined(separator: " or ")
      throw lines.fault(
        key: entry.key, expected: "\(count) finite number\(counts == [1] ? "" : "s")",
        found: TextLines.quoted(entry.value))
    }
    return values
  }

  /// One number or more.
  private func numbers(_ entry: ExtendedXYZHeader.Entry) throws(FormatError) -> [Double] {
    let fields = Self.fields(entry.value)
    let values = fields.compactMap { DecimalNumber.double($0) }
    guard values.count == fields.count, !values.isEmpty else {
      throw lines.fault(
        key: entry.key, expected: "finite numbers",
        found: TextLines.quoted(entry.value))
    }
    return values
  }

  /// Words between blanks, commas and brackets.
  private static func fields(_ value: String) -> [String] {
    value.split { $0.isWhitespace || ",[]{}".contains($0) }.map(String.init)
  }
}
