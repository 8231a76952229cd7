import Foundation

/// What the columns of an extended XYZ frame are, from its `Properties` entry.
///
/// What comes twice is read once and compared on every row, see `Twin`.
struct ExtendedXYZColumns {
  /// Columns in the file: the name, the type, the number of fields and the first of them.
  private struct Column {
    var name: String
    var type: String
    var width: Int
    var field: Int
  }

  /// A second column of numbers that are read: it has to hold the same ones.
  struct Twin {
    var names: String
    var field: Int
    var other: Int
    var width: Int
  }

  /// The source of velocities.
  enum Motion {
    /// Velocities, times a factor for angstrom/fs.
    case velocities(field: Int, factor: Double)
    /// ASE's momenta, in sqrt(amu eV); with the column of masses in amu, if there is one.
    case momenta(field: Int, masses: Int?)
  }

  /// The number of fields on each line.
  private(set) var count = 0
  /// Whether the header says what the columns are.
  let areNamed: Bool
  /// The fields that name the element, by symbol or by atomic number; all have to agree.
  private(set) var elements: [(field: Int, isSymbol: Bool)] = []
  private(set) var position = 0
  private(set) var forces: (name: String, field: Int)?
  private(set) var motion: Motion?
  /// The columns of further properties: the property, the column, its first field and its width.
  private(set) var others: [(property: String, name: String, field: Int, width: Int)] = []
  private(set) var twins: [Twin] = []
  /// Columns that are not read.
  private(set) var ignored: [String] = []

  /// Columns of velocities that are in angstrom/fs unless the file or the options say otherwise, and
  /// those that programs write in units of their own: LAMMPS in angstrom/ps, GPUMD in angstrom/fs.
  private static let velocities: Set = ["velocities", "velocity", "velo"]
  private static let velocitiesWithoutUnit: Set = ["vel"]

  /// Names of columns that mean something here, in lower case.
  static let names: Set<String> = Set(
    ["species", "element", "symbol", "z", "numbers", "atomic_numbers", "pos", "positions"]
      + ["momenta", "masses", "mass"]
  ).union(velocities).union(velocitiesWithoutUnit)

  private let lines: TextLines

  /// Reads `name:type:count` triples; without any, `species:S:1:pos:R:3`.
  init(
    _ properties: String?, options: ExtendedXYZ.Options, meaning: ExtendedXYZMeaning,
    lines: TextLines
  ) throws(FormatError) {
    self.lines = lines
    areNamed = properties != nil
    let columns = try Self.columns(properties ?? "species:S:1:pos:R:3", lines)
    count = columns.reduce(0) { $0 + $1.width }
    // Labels that the caller does not want are no columns that were passed over.
    var unused = Set(columns.map(\.field))
    try readElements(columns, &unused)
    let positions = try usable(columns, ["pos", "positions"], ["R", "I"], 3, &unused)
    guard let first = positions.first else { throw fault("a column pos:R:3", "none") }
    position = first.field
    addTwins(positions)
    try readForces(columns, options, &unused)
    try readOthers(columns, options, meaning, &unused)
    try readMotion(columns, options, meaning, &unused)
    ignored += columns.filter { unused.contains($0.field) }.map(\.name)
  }

  /// What a row lacks a name for, where there is no `Properties`: a proposal for it.
  static func proposal(_ fields: [Range<Int>], _ lines: TextLines) -> String {
    let extra = fields.dropFirst(4)
    let areNumbers = extra.allSatisfy { lines.double($0) != nil }
    let columns =
      switch (areNumbers, extra.count) {
      case (true, 3): "forces:R:3 if the last three are forces in eV/angstrom"
      case (let areNumbers, let count):
        "NAME:\(areNumbers ? "R" : "S"):\(count) with a name for the other columns"
      }
    return "add to the comment line Properties=species:S:1:pos:R:3:\(columns)"
  }

  private static func columns(
    _ properties: String, _ lines: TextLines
  ) throws(FormatError) -> [Column] {
    let parts = properties.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count % 3 == 0 else {
      throw fault("triples name:type:count", "\(parts.count) fields", lines)
    }
    var columns: [Column] = []
    var field = 0
    for start in stride(from: 0, to: parts.count, by: 3) {
      let (name, type) = (String(parts[start]), parts[start + 1].uppercased())
      guard ["S", "R", "I", "L"].contains(type) else {
        throw fault(
          "a type S, R, I or L for \(TextLines.quoted(name))", TextLines.quoted(type), lines)
      }
      guard let width = DecimalNumber.integer(parts[start + 2]), (1...10_000).contains(width) else {
        throw fault(
          "a column count from 1 to 10000 for \(TextLines.quoted(name))",
          TextLines.quoted(String(parts[start + 2])), lines)
      }
      columns.append(Column(name: name, type: type, width: width, field: field))
      field += width
    }
    return columns
  }

  private static func fault(
    _ expected: String, _ found: String, _ lines: TextLines
  ) -> FormatError {
    lines.fault(
      key: "Properties", expected: expected, found: found,
      advice: "write it as in Properties=species:S:1:pos:R:3:forces:R:3")
  }

  private func fault(_ expected: String, _ found: String) -> FormatError {
    Self.fault(expected, found, lines)
  }

  /// The columns of some names that have the right type and width.
  ///
  /// Throws if there are columns of these names, but none that can be read.
  private func usable(
    _ columns: [Column], _ names: Set<String>, _ types: [String], _ width: Int,
    _ unused: inout Set<Int>
  ) throws(FormatError) -> [Column] {
    let named = columns.filter { names.contains($0.name.lowercased()) }
    let usable = named.filter { types.contains($0.type) && $0.width == width }
    if usable.isEmpty, let column = named.first {
      throw fault(
        "\(column.name):\(types[0]):\(width)",
        "\(column.name):\(column.type):\(column.width)")
    }
    unused.subtract(usable.map(\.field))
    return usable
  }

  private mutating func addTwins(_ columns: [Column]) {
    guard let first = columns.first else { return }
    for other in columns.dropFirst() {
      let names = first.name == other.name ? first.name : "\(first.name) and \(other.name)"
      twins.append(
        Twin(names: names, field: first.field, other: other.field, width: first.width))
    }
  }

  private mutating func readElements(
    _ columns: [Column], _ unused: inout Set<Int>
  ) throws(FormatError) {
    let bySymbol: Set = ["species", "element", "symbol"]
    let byNumber: Set = ["z", "numbers", "atomic_numbers"]
    let hasSymbols = columns.contains {
      bySymbol.contains($0.name.lowercased()) && $0.type == "S" && $0.width == 1
    }
    let hasNumbers = columns.contains {
      byNumber.contains($0.name.lowercased()) && $0.type == "I" && $0.width == 1
    }
    if hasSymbols || !hasNumbers {
      elements += try usable(columns, bySymbol, ["S"], 1, &unused).map { ($0.field, true) }
    }
    if hasNumbers || !hasSymbols {
      elements += try usable(columns, byNumber, ["I"], 1, &unused).map { ($0.field, false) }
    }
    guard !elements.isEmpty else {
      throw fault("a column species:S:1 or Z:I:1", "none")
    }
  }

  private mutating func readForces(
    _ columns: [Column], _ options: ExtendedXYZ.Options, _ unused: inout Set<Int>
  ) throws(FormatError) {
    let known = options.keys.forceColumns
    func named(_ name: String) -> [Column] {
      let exact = columns.filter { $0.name == name }
      return options.keys.forces != nil && !exact.isEmpty
        ? exact : columns.filter { $0.name.lowercased() == name.lowercased() }
    }
    guard options.labels.contains(.forces) else {
      for name in known { unused.subtract(named(name).map(\.field)) }
      return
    }
    guard let own = known.lazy.map(named).first(where: { !$0.isEmpty }) else { return }
    let names = Set(own.map { $0.name.lowercased() })
    let usable = try usable(own, names, ["R", "I"], 3, &unused)
    forces = usable.first.map { ($0.name, $0.field) }
    addTwins(usable)
  }

  private mutating func readOthers(
    _ columns: [Column], _ options: ExtendedXYZ.Options, _ meaning: ExtendedXYZMeaning,
    _ unused: inout Set<Int>
  ) throws(FormatError) {
    for (property, other) in options.keys.others.sorted(by: { $0.key < $1.key }) {
      let own = columns.filter { $0.name.lowercased() == other.key.lowercased() }
      guard options.labels.contains(.others) else {
        unused.subtract(own.map(\.field))
        continue
      }
      guard other.carrier == .atom else {
        guard own.isEmpty || meaning.otherKeys[property] != nil else {
          throw lines.fault(
            key: other.key,
            expected: "an entry of the header, since each structure has one \(property)",
            found: "a column with values of atoms")
        }
        continue
      }
      let usable = try usable(
        own, [other.key.lowercased()], ["R", "I"], other.components, &unused)
      guard let column = usable.first else { continue }
      others.append((property, column.name, column.field, column.width))
      addTwins(usable)
    }
  }

  private mutating func readMotion(
    _ columns: [Column], _ options: ExtendedXYZ.Options, _ meaning: ExtendedXYZMeaning,
    _ unused: inout Set<Int>
  ) throws(FormatError) {
    let named = Self.velocities.union(Self.velocitiesWithoutUnit)
    let unit = options.velocityUnit ?? meaning.velocityUnit
    let own = try usable(columns, named, ["R", "I"], 3, &unused)
    if let unit, let first = own.first {
      motion = .velocities(field: first.field, factor: unit.inAngstromPerFemtosecond)
      return addTwins(own)
    }
    // Without a unit, `vel` may say the same in another one: it is no twin of `velocities`.
    let known = own.filter { Self.velocities.contains($0.name.lowercased()) }
    let unknown = own.filter { !Self.velocities.contains($0.name.lowercased()) }
    if let first = known.first {
      motion = .velocities(field: first.field, factor: meaning.units.lengthFactor)
      addTwins(known)
    }
    var withoutUnit = unknown.map { ($0.name, "a column of velocities without one") }
    if motion == nil {
      let momenta = try usable(columns, ["momenta"], ["R", "I"], 3, &unused)
      let masses = columns.first {
        ["masses", "mass"].contains($0.name.lowercased()) && $0.type == "R" && $0.width == 1
      }
      if let first = momenta.first {
        if meaning.units == .standard {
          motion = .momenta(field: first.field, masses: masses?.field)
          if let masses { unused.remove(masses.field) }
          addTwins(momenta)
        } else {
          withoutUnit += momenta.map { ($0.name, "momenta in a file in \(meaning.units)") }
        }
      }
    }
    guard let (name, found) = withoutUnit.first else { return }
    guard motion != nil || !options.needsVelocities else {
      let units = VelocityUnit.allCases.map(\.rawValue).joined(separator: ", ")
      throw lines.fault(
        key: name, expected: "velocities with a unit", found: found,
        advice: "say --velocity-unit or velocity_unit= in the header, \(units) (LAMMPS writes "
          + "angstrom/ps in metal units and angstrom/fs in real units, GPUMD angstrom/fs); or draw "
          + "velocities with md --new-velocities")
    }
    ignored += withoutUnit.map { "\($0.0) (no unit)" }
  }
}
