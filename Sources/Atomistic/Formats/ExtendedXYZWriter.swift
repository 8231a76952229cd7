extension ExtendedXYZ {
  /// The text of structures in eV and angstrom.
  ///
  /// Numbers are the shortest that read back as the same double. Entries of `info` under a key that
  /// some program takes for a label are left out, since their units are not known.
  public static func text(_ structures: [Structure]) -> [UInt8] {
    var text: [UInt8] = []
    for structure in structures { append(structure, to: &text) }
    return text
  }

  /// Appends the text of one structure.
  public static func append(_ structure: Structure, to text: inout [UInt8]) {
    text.append(contentsOf: "\(structure.count)\n\(header(structure))\n".utf8)
    for atom in 0..<structure.count {
      text.append(contentsOf: structure.elements[atom].symbol.utf8)
      append(structure.positions[atom], to: &text)
      if let velocities = structure.velocities { append(velocities[atom], to: &text) }
      if let forces = structure.labels.forces { append(forces[atom], to: &text) }
      text.append(Ascii.lineFeed)
    }
  }

  private static func append(_ vector: SIMD3<Double>, to text: inout [UInt8]) {
    for axis in 0..<3 {
      text.append(UInt8(ascii: " "))
      text.append(contentsOf: vector[axis].description.utf8)
    }
  }

  private static func header(_ structure: Structure) -> String {
    var entries: [String] = []
    if let cell = structure.cell {
      entries.append("Lattice=\"\(numbers(cell.vectors))\"")
    }
    var properties = "Properties=species:S:1:pos:R:3"
    if structure.velocities != nil { properties += ":velocities:R:3" }
    if structure.labels.forces != nil { properties += ":forces:R:3" }
    entries.append(properties)
    if let energy = structure.labels.energy { entries.append("energy=\(energy)") }
    if let stress = structure.labels.stress { entries.append("stress=\"\(numbers(stress))\"") }
    let flags = (0..<3).map { structure.cell?.periodicity[$0] == true ? "T" : "F" }
    entries.append("pbc=\"\(flags.joined(separator: " "))\"")
    if let name = structure.name { entries.append("name=\(quoted(name))") }
    let reserved = ExtendedXYZMeaning.structuralKeys.union(LabelKeys.customaryHeaderKeys)
    for (key, value) in structure.info.sorted(by: { $0.key < $1.key }) {
      guard !reserved.contains(key.lowercased()), key.lowercased() != "name" else { continue }
      entries.append("\(quoted(key))=\(quoted(value))")
    }
    return entries.joined(separator: " ")
  }

  private static func numbers(_ matrix: Matrix3) -> String {
    matrix.rowMajor.map(\.description).joined(separator: " ")
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
