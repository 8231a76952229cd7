/// The labels of a set of structures, and the keys under which they were found.
public struct LabelInventory: Hashable, Sendable, Codable, CustomStringConvertible {
  /// The number of structures with labels of one property, and the keys of these labels.
  public struct Tally: Hashable, Sendable, Codable {
    /// The structures with the label.
    public var structures = 0
    /// The structures for each key or file name it was found under.
    public var keys: [String: Int] = [:]

    /// Counts one structure.
    mutating func add(_ key: String) {
      structures += 1
      keys[key, default: 0] += 1
    }

    mutating func add(_ other: Tally) {
      structures += other.structures
      keys.merge(other.keys, uniquingKeysWith: +)
    }
  }

  /// The structures that were read.
  public var structures = 0
  /// Energies.
  public var energy = Tally()
  /// Forces.
  public var forces = Tally()
  /// Stresses, those made from virials included.
  public var stress = Tally()
  /// Further properties by name.
  public var others: [String: Tally] = [:]
  /// Columns and label-like keys that were found but not used, with the structures that have them.
  public var ignored: [String: Int] = [:]

  /// Makes an inventory of nothing.
  public init() {}

  /// Adds the counts of another inventory.
  public mutating func add(_ other: LabelInventory) {
    structures += other.structures
    energy.add(other.energy)
    forces.add(other.forces)
    stress.add(other.stress)
    for (name, tally) in other.others { others[name, default: Tally()].add(tally) }
    ignored.merge(other.ignored, uniquingKeysWith: +)
  }

  /// A line for each kind of label.
  public var description: String {
    func line(_ name: String, _ tally: Tally) -> String {
      let keys = tally.keys.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
      let source = keys.isEmpty ? "none found" : keys.joined(separator: ", ")
      return "\(name) \(tally.structures) of \(structures) (\(source))"
    }
    var lines = [line("energy", energy), line("forces", forces), line("stress", stress)]
    lines += others.sorted { $0.key < $1.key }.map { line($0.key, $0.value) }
    if !ignored.isEmpty {
      let keys = ignored.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
      lines.append("not used: " + keys.joined(separator: ", "))
    }
    return lines.joined(separator: "\n")
  }
}

/// Structures of one file, with the inventory of their labels.
public struct StructureSet: Sendable {
  /// The structures in the order of the file.
  public var structures: [Structure]
  /// The labels that were found.
  public var inventory: LabelInventory

  /// Makes a set.
  public init(structures: [Structure] = [], inventory: LabelInventory = LabelInventory()) {
    self.structures = structures
    self.inventory = inventory
  }

  mutating func append(_ structure: Structure) { structures.append(structure) }
}
