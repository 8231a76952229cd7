/// The labels of a set of structures, and the keys under which they were found.
public struct LabelInventory: Hashable, Sendable, Codable, CustomStringConvertible {
  /// The number of structures with labels of one property, and the keys of these labels.
  public struct Tally: Hashable, Sendable, Codable {
    /// The structures with the label.
    public var structures = 0
    /// The structures for each key or file name it was found under.
    public var keys: [String: Int] = [:]
    /// The structures whose label says that there is none, such as `None` or `nan`, by the same keys.
    public var missing: [String: Int] = [:]

    /// Counts one structure.
    mutating func add(_ key: String) {
      structures += 1
      keys[key, default: 0] += 1
    }

    /// Counts one structure whose label says that there is none.
    mutating func addMissing(_ key: String) { missing[key, default: 0] += 1 }

    /// Counts one structure, with its label or without.
    mutating func count(_ isThere: Bool, under key: String) {
      if isThere { add(key) } else { addMissing(key) }
    }

    mutating func add(_ other: Tally) {
      structures += other.structures
      keys.merge(other.keys, uniquingKeysWith: +)
      missing.merge(other.missing, uniquingKeysWith: +)
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
  /// Columns, files and label-like keys that were found but not used, with the structures that have
  /// them.
  public var ignored: [String: Int] = [:]
  /// Entries of headers that mean nothing here and are kept as further information.
  public var kept: [String: Int] = [:]

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
    kept.merge(other.kept, uniquingKeysWith: +)
  }

  /// A line for each kind of label, for labels that say that there is none, and for what was not used.
  public var description: String {
    func line(_ name: String, _ tally: Tally) -> String {
      let source = tally.keys.isEmpty ? "none found" : Self.list(tally.keys)
      return "\(name) \(tally.structures) of \(structures) (\(source))"
    }
    var lines = tallies.map(line)
    if let missing { lines.append(missing) }
    if let unused { lines.append(unused) }
    if !kept.isEmpty { lines.append("kept as it is: \(Self.list(kept))") }
    return lines.joined(separator: "\n")
  }

  /// A sentence on everything that was passed over, or nil if the reader understood the whole file.
  public var remark: String? {
    let parts = [missing, unused].compactMap(\.self)
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }

  private var tallies: [(String, Tally)] {
    [("energy", energy), ("forces", forces), ("stress", stress)]
      + others.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private var missing: String? {
    let parts = tallies.filter { !$0.1.missing.isEmpty }.map { name, tally in
      let count = tally.missing.values.reduce(0, +)
      return "\(name) \(count) of \(structures) (\(Self.list(tally.missing)))"
    }
    return parts.isEmpty ? nil : "said to be missing: \(parts.joined(separator: ", "))"
  }

  private var unused: String? {
    guard !ignored.isEmpty else { return nil }
    let energies = ignored.keys.filter { LabelKeys.likelyEnergies.contains($0.lowercased()) }
      .sorted()
    let advice =
      energies.isEmpty
      ? ""
      : " (if \(energies.joined(separator: ", ")) is the energy, say so with --energy-key, and its "
        + "unit with --length-unit and --energy-unit)"
    return "not used: \(Self.list(ignored))\(advice)"
  }

  private static func list(_ counts: [String: Int]) -> String {
    counts.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
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
