/// The keys by which a file's labels are known; nil means the customary ones.
///
/// Keys are compared without regard to case. The customary keys are tried in the order of the
/// lists below, so that what is marked as a reference wins over what a calculator may have
/// written: MACE's `REF_energy`, ASE's `energy`, then `TotEnergy`, GAP's `dft_energy`, and ASE's
/// `free_energy`, likewise for forces and stress.
public struct LabelKeys: Hashable, Sendable, Codable {
  /// The header key of the energy.
  public var energy: String?
  /// The column of the forces.
  public var forces: String?
  /// The header key of the stress; a key with `virial` in it is read as `-V stress`.
  public var stress: String?
  /// The header key or column of further properties, by the properties' names; their values are read
  /// as they are, in the property's own unit. A key that is not the property's name has to be in some
  /// frame.
  public var others: [String: String]

  /// Chooses keys; those not given are the customary ones.
  public init(
    energy: String? = nil, forces: String? = nil, stress: String? = nil,
    others: [String: String] = [:]
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

  /// Header keys that mean a label in some file, and so are not kept as further information.
  static let customaryHeaderKeys = Set(customaryEnergies + customaryStresses + customaryVirials)

  var energies: [String] { energy.map { [$0.lowercased()] } ?? Self.customaryEnergies }
  var forceColumns: [String] { forces.map { [$0.lowercased()] } ?? Self.customaryForces }
  var stresses: [String] {
    guard let stress = stress?.lowercased() else { return Self.customaryStresses }
    return stress.contains("virial") ? [] : [stress]
  }
  var virials: [String] {
    guard let stress = stress?.lowercased() else { return Self.customaryVirials }
    return stress.contains("virial") ? [stress] : []
  }
}
