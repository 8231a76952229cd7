/// The `input.data` format of RuNNer and n2p2.
///
/// A structure stands between `begin` and `end`; between them are `comment`, three `lattice` lines
/// or none, `atom x y z symbol charge extra fx fy fz`, `energy` and `charge`. The file names no
/// units: bohr and hartree unless the options say otherwise. PiNN's additions, three `stress` lines
/// and `energy_weight`, and three force weights after the forces, are understood; weights are not
/// kept, and counted as passed over.
///
/// https://compphysvienna.github.io/n2p2/topics/cfg_file.html
public enum RunnerData {
  /// Reads all structures of a file, with some kinds of labels.
  ///
  /// Throws for anything that is not as the format asks, and for units that make no sense when
  /// none are given.
  public static func read(
    _ path: String, units: UnitSystem? = nil, labels: LabelKinds = .all
  ) throws(FormatError) -> StructureSet {
    try read(text: try FileReader(path).text(), file: path, units: units, labels: labels)
  }

  /// Reads all structures of a text, by the rules of `read(_:units:labels:)`.
  public static func read(
    text: [UInt8], file: String, units: UnitSystem? = nil, labels: LabelKinds = .all
  ) throws(FormatError) -> StructureSet {
    var reader = RunnerDataReader(
      lines: TextLines(file: file, bytes: text), units: units ?? .atomic, labels: labels)
    var result = StructureSet()
    while let (structure, inventory) = try reader.next() {
      result.append(structure)
      result.inventory.add(inventory)
    }
    guard !result.structures.isEmpty else {
      throw FormatError(file: file, expected: "structures between begin and end", found: "none")
    }
    if units == nil { try UnitCheck(result.structures)?.require(.atomic, file: file) }
    return result
  }

  /// Writes structures, converted to `units`.
  ///
  /// Throws if a structure has no energy or no forces, which the format cannot leave out, or a cell
  /// that is not periodic along all axes.
  public static func write(
    _ structures: [Structure], to path: String, units: UnitSystem = .atomic
  ) throws(FormatError) {
    var text = ""
    for (index, structure) in structures.enumerated() {
      guard let energy = structure.labels.energy, let forces = structure.labels.forces else {
        throw FormatError(
          file: path, key: "structure \(index)", expected: "energy and forces to write",
          found: "a structure without them", advice: "label it first or choose extended XYZ")
      }
      text += "begin\n"
      let name = (structure.name ?? "").split(whereSeparator: \.isNewline).joined(separator: " ")
      if !name.isEmpty { text += "comment \(name)\n" }
      if let cell = structure.cell, cell.periodicity != .none {
        guard cell.periodicity == .all else {
          throw FormatError(
            file: path, key: "structure \(index)",
            expected: "a cell periodic along all axes or none",
            found: "one periodic along some", advice: "choose extended XYZ")
        }
        for axis in 0..<3 {
          text += "lattice \(numbers(cell.vectors[axis] / units.lengthFactor))\n"
        }
      }
      for atom in 0..<structure.count {
        let position = numbers(structure.positions[atom] / units.lengthFactor)
        let force = numbers(forces[atom] / units.forceFactor)
        text += "atom \(position) \(structure.elements[atom]) 0.0 0.0 \(force)\n"
      }
      text += "energy \(energy / units.energyFactor)\n"
      text += "charge \(structure.info["charge"].flatMap { DecimalNumber.double($0) } ?? 0)\nend\n"
    }
    try FileBytes.write(Array(text.utf8), to: path)
  }

  private static func numbers(_ vector: SIMD3<Double>) -> String {
    "\(vector.x) \(vector.y) \(vector.z)"
  }
}
