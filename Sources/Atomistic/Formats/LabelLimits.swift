/// The bounds beyond which a number is damage and not physics.
enum LabelLimits {
  /// No energy of a structure is larger, in eV.
  static let energy = 1e12
  /// No force component is larger, in eV/angstrom.
  static let force = 1e6
  /// No stress component is larger, in eV/angstrom^3.
  static let stress = 1e6
  /// No coordinate is larger, in angstrom.
  static let position = 1e7

  /// The requirement on a number of this kind, for error messages.
  static func expected(_ limit: Double, _ unit: String) -> String {
    "a number of at most \(limit) \(unit)"
  }
}
