import Tensors

extension ExtendedXYZ {
  /// The text of structures in eV and angstrom.
  ///
  /// Numbers are the shortest that read back as the same double. Entries of `info` under a key that
  /// some program takes for a label are left out, since their units are not known; so are entries
  /// without a key or a value, which ASE would read as the key behind them.
  ///
  /// Further properties stand under their names: those of atoms in columns, or in the header where the
  /// name cannot be a column's, those of structures in the header. A property whose name means
  /// something else in the format, such as `pos`, is left out.
  public static func text(_ structures: [Structure]) -> [UInt8] {
    var text: [UInt8] = []
    for structure in structures { append(structure, to: &text) }
    return text
  }

  /// Appends the text of one structure.
  public static func append(_ structure: Structure, to text: inout [UInt8]) {
    text.append(contentsOf: "\(structure.count)\n\(header(structure))\n".utf8)
    let columns = others(structure).columns
    for atom in 0..<structure.count {
      text.append(contentsOf: structure.elements[atom].symbol.utf8)
      append(structure.positions[atom], to: &text)
      if let velocities = structure.velocities { append(velocities[atom], to: &text) }
      if let forces = structure.labels.forces { append(forces[atom], to: &text) }
      for (_, values) in columns {
        let width = values.count / structure.count
        for value in values[atom * width..<(atom + 1) * width] { append(value, to: &text) }
      }
      text.append(Ascii.lineFeed)
    }
  }

  private static func append(_ vector: SIMD3<Double>, to text: inout [UInt8]) {
    for axis in 0..<3 { append(vector[axis], to: &text) }
  }

  private static func append(_ number: Double, to text: inout [UInt8]) {
    text.append(UInt8(ascii: " "))
    text.append(contentsOf: number.description.utf8)
  }

  /// Keys of the header whose meaning is fixed, in lower case.
  private static let reservedKeys = ExtendedXYZMeaning.structuralKeys
    .union(LabelKeys.customaryHeaderKeys).union(["name"])

  /// Keys and columns whose meaning is fixed, in lower case.
  private static let reservedNames = reservedKeys.union(LabelKeys.customaryForces)
    .union(ExtendedXYZColumns.names)

  /// Further properties with their values, sorted by name, as columns and entries of the header.
  private static func others(
    _ structure: Structure
  ) -> (columns: [(String, [Double])], entries: [(String, [Double])]) {
    let all = structure.labels.others
      .filter { !$0.value.values.isEmpty && !reservedNames.contains($0.key.lowercased()) }
      .sorted { $0.key < $1.key }
    func isColumn(_ name: String, _ label: Labels.Values) -> Bool {
      guard label.carrier == .atom else { return false }
      ensure(
        structure.count > 0 && label.values.count.isMultiple(of: structure.count),
        "ExtendedXYZ: \(label.values.count) values of \(name) for \(structure.count) atoms")
      return quoted(name) == name && !name.contains(":")
    }
    return (
      all.filter { isColumn($0.key, $0.value) }.map { ($0.key, $0.value.values) },
      all.filter { !isColumn($0.key, $0.value) }.map { ($0.key, $0.value.values) }
    )
  }

  private static func header(_ structure: Structure) -> String {
    var entries: [String] = []
    if let cell = structure.cell {
      entries.append("Lattice=\"\(numbers(cell.vectors.rowMajor))\"")
    }
    var properties = "Properties=species:S:1:pos:R:3"
    if structure.velocities != nil { properties += ":velocities:R:3" }
    if structure.labels.forces != nil { properties += ":forces:R:3" }
    let others = others(structure)
    for (name, values) in others.columns {
      properties += ":\(name):R:\(values.count / structure.count)"
    }
    entries.append(properties)
    if let energy = structure.labels.energy { entries.append("energy=\(energy)") }
    if let stress = structure.labels.stress {
      entries.append("stress=\"\(numbers(stress.rowMajor))\"")
    }
    for (name, values) in others.entries {
      entries.append("\(quoted(name))=\"\(numbers(values))\"")
    }
    let flags = (0..<3).map { structure.cell?.periodicity[$0] == true ? "T" : "F" }
    entries.append("pbc=\"\(flags.joined(separator: " "))\"")
    if let name = structure.name, !name.isEmpty { entries.append("name=\(quoted(name))") }
    let taken = reservedKeys.union(structure.labels.others.keys.map { $0.lowercased() })
    for (key, value) in structure.info.sorted(by: { $0.key < $1.key }) {
      guard !taken.contains(key.lowercased()), !key.isEmpty, !value.isEmpty else { continue }
      entries.append("\(quoted(key))=\(quoted(value))")
    }
    return entries.joined(separator: " ")
  }

  private static func numbers(_ values: [Double]) -> String {
    values.map(\.description).joined(separator: " ")
  }

  /// The text as it is if it needs no quotes, else in double quotes with escapes.
  private static func quoted(_ text: String) -> String {
    let isPlain =
      !text.isEmpty
      && text.utf8.allSatisfy { $0 > 32 && $0 < 127 && !"\"'={}[]\\".utf8.contains($0) }
    guard !isPlain else { return text }
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case "\n": result += "\\n"
      case "\r": result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
