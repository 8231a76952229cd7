/// The keys by which a file's labels are known; nil means the customary ones.
///
/// Keys are compared without regard to case, except where a file has a chosen key in several cases. The customary keys are tried in the order of the
/// lists below, so that what is marked as a reference wins over what a calculator may have
/// written: MACE's `REF_energy`, ASE's `energy`, then `TotEnergy`, GAP's `dft_energy`, and ASE's
/// `free_energy`, likewise for forces and stress.
public struct LabelKeys: Hashable, Sendable {
  /// The key and the shape of a further property.
  public struct Other: Hashable, Sendable {
    /// The column of a property of atoms, or the header key of either.
    public var key: String
    /// What carries the values.
    public var carrier: Labels.Carrier
    /// The number of components that a carrier has.
    public var components: Int

    /// Chooses the key of a property.
    public init(_ key: String, carrier: Labels.Carrier, components: Int) {
      self.key = key
      self.carrier = carrier
      self.components = components
    }
  }

  /// The header key of the energy.
  public var energy: String?
  /// The column of the forces.
  public var forces: String?
  /// The header key of the stress; a key with `virial` in it is read as `-V stress`.
  public var stress: String?
  /// The keys of further properties, by the properties' names; their values are read as they are, in
  /// the property's own unit. A key that is not the property's name has to be in some frame.
  public var others: [String: Other]

  /// Chooses keys; those not given are the customary ones.
  public init(
    energy: String? = nil, forces: String? = nil, stress: String? = nil,
    others: [String: Other] = [:]
  ) {
    self.energy = energy
    self.forces = forces
    self.stress = stress
    self.others = others
  }

  static let customaryEnergies = [
    "ref_energy", "energy", "totenergy", "total_energy", "dft_energy", "free_energy",
  ]
  static let customaryForces = [
    "ref_forces", "ref_force", "forces", "force", "dft_forces", "dft_force",
  ]
  static let customaryStresses = ["ref_stress", "stress", "dft_stress"]
  static let customaryVirials = [
    "ref_virials", "ref_virial", "virials", "virial", "dft_virials", "dft_virial",
  ]

  /// Header keys that mean a label in some file.
  static let customaryHeaderKeys = Set(customaryEnergies + customaryStresses + customaryVirials)

  /// Header keys that are likely to be energies, in a unit that only the user knows: CP2K's `E`.
  static let likelyEnergies: Set = [
    "e", "etot", "epot", "e_tot", "e_pot", "potential_energy", "pot_energy", "e_dft",
  ]

  var energies: [String] { energy.map { [$0] } ?? Self.customaryEnergies }
  var forceColumns: [String] { forces.map { [$0] } ?? Self.customaryForces }
  var stresses: [String] {
    guard let stress else { return Self.customaryStresses }
    return Self.isVirial(stress) ? [] : [stress]
  }
  var virials: [String] {
    guard let stress else { return Self.customaryVirials }
    return Self.isVirial(stress) ? [stress] : []
  }

  private static func isVirial(_ key: String) -> Bool { key.lowercased().contains("virial") }

  /// Whether a header key, in lower case, may hold a label: a customary or a chosen one.
  func isLabel(_ key: String) -> Bool {
    Self.customaryHeaderKeys.contains(key)
      || [energy, stress].contains { $0?.lowercased() == key }
      || others.values.contains { $0.key.lowercased() == key }
  }
}

/// The kinds of labels that a reader gives; those left out are neither read nor judged.
public struct LabelKinds: OptionSet, Hashable, Sendable {
  /// One bit for each kind.
  public let rawValue: UInt8

  /// Makes a set of its bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The energy of a structure.
  public static let energy = LabelKinds(rawValue: 1)
  /// The forces on its atoms.
  public static let forces = LabelKinds(rawValue: 2)
  /// Its stress, made from a virial where there is one.
  public static let stress = LabelKinds(rawValue: 4)
  /// Properties of a potential's own.
  public static let others = LabelKinds(rawValue: 8)
  /// All kinds.
  public static let all: LabelKinds = [.energy, .forces, .stress, .others]
}
