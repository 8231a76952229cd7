/// The extended XYZ format of libAtoms and ASE.
///
/// A frame is a line with the number of atoms, a line of `key=value` pairs, and a line for each
/// atom with the columns that `Properties` names. Lengths are angstrom and energies eV unless the
/// options or the header (`length_unit=bohr energy_unit=hartree` or `units=atomic`) say otherwise.
/// Stresses are positive under tension, and virials are `-V stress`. The article
/// <doc:WhatAtomFlowMakesOfAFile> says what is missing, contradictory or passed over.
///
/// https://github.com/libAtoms/extxyz
public enum ExtendedXYZ {
  /// How to understand a file.
  public struct Options: Hashable, Sendable {
    /// The keys of the labels.
    public var keys: LabelKeys
    /// The units; nil means those of the header, or else eV and angstrom after a check for sense.
    public var units: UnitSystem?
    /// The kinds of labels to read.
    public var labels = LabelKinds.all
    /// The unit of velocities; nil means that of the header, or what the column's name says.
    public var velocityUnit: VelocityUnit?
    /// Whether velocities of an unknown unit are an error; else they are passed over.
    public var needsVelocities = false

    /// Chooses keys and units.
    public init(
      energyKey: String? = nil, forceKey: String? = nil, stressKey: String? = nil,
      units: UnitSystem? = nil
    ) {
      keys = LabelKeys(energy: energyKey, forces: forceKey, stress: stressKey)
      self.units = units
    }
  }

  /// Reads all frames of a file.
  ///
  /// Throws for anything that is not as the format asks, for a file without frames, for a chosen
  /// key that no frame has, and for unnamed units that make no sense.
  public static func read(
    _ path: String, options: Options = .init()
  ) throws(FormatError) -> StructureSet {
    try read(text: try FileBytes.read(path), file: path, options: options)
  }

  /// Reads all frames of a text, by the rules of `read(_:options:)`.
  public static func read(
    text: [UInt8], file: String, options: Options = .init()
  ) throws(FormatError) -> StructureSet {
    var frames = ExtendedXYZFrames(text: text, file: file, options: options)
    var result = StructureSet()
    var unchecked: [Structure] = []
    while let frame = try frames.next() {
      result.append(frame.structure)
      result.inventory.add(frame.inventory)
      if !frame.unitsAreKnown { unchecked.append(frame.structure) }
    }
    guard !result.structures.isEmpty else {
      throw FormatError(file: file, expected: "frames of atoms", found: "none")
    }
    try checkKeys(options, result.inventory, file)
    try UnitCheck(unchecked)?.require(.standard, file: file)
    return result
  }

  private static func checkKeys(
    _ options: Options, _ inventory: LabelInventory, _ file: String
  ) throws(FormatError) {
    let (keys, labels) = (options.keys, options.labels)
    let wanted = [
      (keys.energy, inventory.energy, "energy", LabelKinds.energy),
      (keys.forces, inventory.forces, "force", .forces),
      (keys.stress, inventory.stress, "stress", .stress),
    ]
    for case (let key?, let tally, let name, let kind) in wanted
    where labels.contains(kind) && tally.structures == 0 && tally.missing.isEmpty {
      throw FormatError(
        file: file, key: key, expected: "this key in some frame, as --\(name)-key says",
        found: "it in none", advice: "look at the keys with: atomflow data info")
    }
    for (property, other) in keys.others.sorted(by: { $0.key < $1.key })
    where labels.contains(.others) && other.key != property && inventory.others[property] == nil {
      throw FormatError(
        file: file, key: other.key,
        expected: "this entry of the header or column in some frame, for the \(property)",
        found: "it in none", advice: "look at the keys with: atomflow data info")
    }
  }

  /// Writes structures in eV and angstrom, in a form that ASE reads and that reads back bit by bit.
  public static func write(_ structures: [Structure], to path: String) throws(FormatError) {
    try FileBytes.write(text(structures), to: path)
  }
}
