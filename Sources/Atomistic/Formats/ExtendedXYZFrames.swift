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

  private(set) var lines: TextLines
  private let options: ExtendedXYZ.Options
  /// The number of the next frame, counted from zero.
  private(set) var number: Int

  /// Begins to read a text; `file` is for error messages.
  public init(text: [UInt8], file: String, options: ExtendedXYZ.Options = .init()) {
    self.init(text: text, file: file, linesBefore: 0, framesBefore: 0, options: options)
  }

  /// Begins to read a part of a file that stands after a number of other lines and frames.
  init(
    text: [UInt8], file: String, linesBefore: Int, framesBefore: Int, options: ExtendedXYZ.Options
  ) {
    lines = TextLines(file: file, bytes: text, linesBefore: linesBefore)
    self.options = options
    number = framesBefore
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
    let meaning = try ExtendedXYZMeaning(
      header, atoms: count, options: options, lines: lines)
    let columns = try ExtendedXYZColumns(
      header.entry("properties", lines)?.value, options: options, meaning: meaning, lines: lines)
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
    defer { number += 1 }
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
    var others: [[Double]?] = columns.others.map { _ in [] }
    // One atom without forces leaves the frame without them: nothing half is a label.
    var lacksForces = false
    var fields: [Range<Int>] = []
    for atom in 0..<count {
      guard var line = lines.next() else {
        throw lines.fault(
          expected: "\(count) lines of atoms", found: "the end of the file after \(atom)",
          advice: "the file seems to be cut off; get it again or remove its last frame")
      }
      fields.removeAll(keepingCapacity: true)
      while let field = lines.field(of: &line) { fields.append(field) }
      guard fields.count == columns.count else { throw misfit(fields, columns, atom, of: count) }
      let element = try element(fields, columns, atom)
      elements.append(element)
      positions.append(
        try vector(
          fields, columns.position, "position", factor: units.lengthFactor,
          limit: LabelLimits.position, unit: "angstrom"))
      if let field = columns.forces?.field, !lacksForces {
        lacksForces =
          lines.saysNone(fields[field]) || lines.saysNone(fields[field + 1])
          || lines.saysNone(fields[field + 2])
        if !lacksForces {
          forces.append(
            try vector(
              fields, field, "force", factor: units.forceFactor, limit: LabelLimits.force,
              unit: "eV/angstrom"))
        }
      }
      if let motion = columns.motion {
        velocities.append(try velocity(fields, motion, of: element))
      }
      for (number, column) in columns.others.enumerated() where others[number] != nil {
        for field in fields[column.field..<column.field + column.width] {
          if lines.saysNone(field) {
            others[number] = nil
            break
          }
          others[number]?.append(try value(field, column.name))
        }
      }
      for twin in columns.twins { try compare(twin, fields, atom) }
    }
    try lines.requireEnd()
    var values = meaning.others
    var inventory = meaning.inventory
    inventory.structures = 1
    for (column, own) in zip(columns.others, others) {
      values[column.property] = own.map { Labels.Values(carrier: .atom, $0) }
      inventory.others[column.property, default: .init()].count(own != nil, under: column.name)
    }
    if let name = columns.forces?.name { inventory.forces.count(!lacksForces, under: name) }
    for key in columns.ignored { inventory.ignored[key] = 1 }
    let structure = Structure(
      elements: elements, positions: positions,
      velocities: columns.motion == nil ? nil : velocities, cell: meaning.cell,
      labels: Labels(
        energy: meaning.energy, forces: columns.forces == nil || lacksForces ? nil : forces,
        stress: meaning.stress, others: values),
      name: meaning.name, info: meaning.info)
    return Frame(
      structure: structure, inventory: inventory, units: units,
      unitsAreKnown: options.units != nil || meaning.namesUnits)
  }
}

extension TextLines {
  /// The element whose symbol stands in a range in any case, or nil.
  func element(_ range: Range<Int>) -> Element? {
    switch range.count {
    case 1 where bytes[range.lowerBound] == UInt8(ascii: "H"): .hydrogen
    case 1 where bytes[range.lowerBound] == UInt8(ascii: "O"): .oxygen
    case 1, 2: Element(name: text(range))
    default: nil
    }
  }
}
