/// The frames of an extended XYZ text, read one at a time.
///
/// The units are not checked for sense here: that needs several frames, see `UnitCheck`.
public struct ExtendedXYZFrames {
  /// One frame and what is known of its labels.
  public struct Frame: Sendable {
    /// The structure in eV and angstrom.
    public var structure: Structure
    /// The labels of this frame.
    public var inventory: LabelInventory
    /// The units of the text, as the options or the header say or by default.
    public var units: UnitSystem
    /// Whether the options or the header say what the units are.
    public var unitsAreKnown: Bool
  }

  private var lines: TextLines
  private let options: ExtendedXYZ.Options

  /// Begins to read a text; `file` is for error messages.
  public init(text: [UInt8], file: String, options: ExtendedXYZ.Options = .init()) {
    self.init(text: text, file: file, linesBefore: 0, options: options)
  }

  /// Begins to read a part of a file that stands after a number of other lines.
  init(text: [UInt8], file: String, linesBefore: Int, options: ExtendedXYZ.Options) {
    lines = TextLines(file: file, bytes: text, linesBefore: linesBefore)
    self.options = options
  }

  /// Begins to read a file.
  public init(path: String, options: ExtendedXYZ.Options = .init()) throws(FormatError) {
    self.init(text: try FileBytes.read(path), file: path, options: options)
  }

  /// Reads the next frame, or returns nil at the end; blank lines between frames are skipped.
  public mutating func next() throws(FormatError) -> Frame? {
    guard let countLine = lines.nextFilled() else { return nil }
    let fields = lines.fields(of: countLine)
    guard fields.count == 1, let count = lines.integer(fields[0]), count > 0 else {
      throw lines.fault(
        expected: "the number of atoms of the next frame", found: lines.quoted(countLine),
        advice: "check that the frame before has as many atom lines as it says")
    }
    guard let headerLine = lines.next() else {
      throw lines.fault(expected: "a comment line", found: "the end of the file")
    }
    let header = try ExtendedXYZHeader(headerLine, in: lines)
    let columns = try ExtendedXYZColumns(
      header["properties"]?.value, keys: options.keys, lines: lines)
    let meaning = try ExtendedXYZMeaning(header, options: options, lines: lines)
    for column in columns.others where meaning.otherKeys[column.property] != nil {
      throw lines.fault(
        key: column.name, expected: "one source of the \(column.property)",
        found: "an entry of the header and a column")
    }
    // Each field takes two bytes at least: a count that cannot be true is not believed, and no
    // memory taken for it.
    guard count <= lines.remaining / (2 * columns.count) + 1 else {
      throw lines.fault(
        expected: "\(count) lines of atoms", found: "\(lines.remaining) bytes until the end",
        advice: "the file seems to be cut off; get it again or remove its last frame")
    }
    return try atoms(count, columns: columns, meaning: meaning)
  }

  private mutating func atoms(
    _ count: Int, columns: ExtendedXYZColumns, meaning: ExtendedXYZMeaning
  ) throws(FormatError) -> Frame {
    let units = meaning.units
    var elements: [Element] = []
    var positions: [SIMD3<Double>] = []
    var forces: [SIMD3<Double>] = []
    var velocities: [SIMD3<Double>] = []
    elements.reserveCapacity(count)
    positions.reserveCapacity(count)
    if columns.forces != nil { forces.reserveCapacity(count) }
    var others = columns.others.map { _ in [Double]() }
    var fields: [Range<Int>] = []
    for atom in 0..<count {
      guard var line = lines.next() else {
        throw lines.fault(
          expected: "\(count) lines of atoms", found: "the end of the file after \(atom)",
          advice: "the file seems to be cut off; get it again or remove its last frame")
      }
      fields.removeAll(keepingCapacity: true)
      while let field = lines.field(of: &line) { fields.append(field) }
      guard fields.count == columns.count else {
        throw lines.fault(
          expected: "\(columns.count) columns as in Properties (atom \(atom + 1) of \(count))",
          found: fields.count == 1 ? "1 column" : "\(fields.count) columns")
      }
      elements.append(try element(fields, columns))
      if let field = columns.position {
        positions.append(
          try vector(
            fields, field, "position", factor: units.lengthFactor, limit: LabelLimits.position,
            unit: "angstrom"))
      }
      if let field = columns.forces?.field {
        forces.append(
          try vector(
            fields, field, "force", factor: units.forceFactor, limit: LabelLimits.force,
            unit: "eV/angstrom"))
      }
      if let field = columns.velocities {
        velocities.append(
          try vector(
            fields, field, "velocity", factor: units.lengthFactor, limit: LabelLimits.position,
            unit: "angstrom/fs"))
      }
      for (number, column) in columns.others.enumerated() {
        for field in fields[column.field..<column.field + column.width] {
          others[number].append(try value(field, column.name))
        }
      }
    }
    let structure = Structure(
      elements: elements, positions: positions,
      velocities: columns.velocities == nil ? nil : velocities, cell: meaning.cell,
      labels: Labels(
        energy: meaning.energy, forces: columns.forces == nil ? nil : forces,
        stress: meaning.stress,
        others: meaning.others.merging(
          zip(columns.others.map(\.property), others), uniquingKeysWith: { first, _ in first })),
      name: meaning.name, info: meaning.info)
    var inventory = LabelInventory()
    inventory.structures = 1
    if let key = meaning.energyKey { inventory.energy.add(key) }
    if let key = columns.forces?.name { inventory.forces.add(key) }
    if let key = meaning.stressKey { inventory.stress.add(key) }
    for (property, key) in meaning.otherKeys {
      inventory.others[property, default: .init()].add(key)
    }
    for column in columns.others {
      inventory.others[column.property, default: .init()].add(column.name)
    }
    for key in meaning.ignored + columns.ignored { inventory.ignored[key] = 1 }
    return Frame(
      structure: structure, inventory: inventory, units: units,
      unitsAreKnown: options.units != nil || meaning.namesUnits)
  }

  private func element(
    _ fields: [Range<Int>], _ columns: ExtendedXYZColumns
  ) throws(FormatError) -> Element {
    let known: Element?
    let field: Range<Int>
    if let species = columns.species {
      field = fields[species]
      known = lines.element(field)
    } else {
      field = fields[columns.atomicNumber ?? 0]
      known = lines.integer(field).flatMap(Element.init(number:))
    }
    guard let known else {
      throw lines.fault(
        key: "species", expected: "an element such as H or Na", found: lines.quoted(field))
    }
    return known
  }

  /// A finite number of a further property.
  private func value(_ field: Range<Int>, _ column: String) throws(FormatError) -> Double {
    guard let value = lines.double(field) else {
      throw lines.fault(key: column, expected: "a finite number", found: lines.quoted(field))
    }
    return value
  }

  @inline(__always)
  private func vector(
    _ fields: [Range<Int>], _ start: Int, _ name: String, factor: Double, limit: Double,
    unit: String
  ) throws(FormatError) -> SIMD3<Double> {
    var result = SIMD3<Double>.zero
    for axis in 0..<3 {
      guard let value = lines.double(fields[start + axis]), abs(value * factor) <= limit else {
        throw lines.fault(
          key: name, expected: LabelLimits.expected(limit, unit),
          found: lines.quoted(fields[start + axis]))
      }
      result[axis] = value * factor
    }
    return result
  }
}

extension TextLines {
  /// The element whose symbol stands in a range, or nil.
  func element(_ range: Range<Int>) -> Element? {
    switch range.count {
    case 1 where bytes[range.lowerBound] == UInt8(ascii: "H"): .hydrogen
    case 1 where bytes[range.lowerBound] == UInt8(ascii: "O"): .oxygen
    case 1, 2: Element(symbol: text(range))
    default: nil
    }
  }
}
