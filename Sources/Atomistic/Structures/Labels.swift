/// The reference values of a structure; one that is missing is nil, never zero.
public struct Labels: Hashable, Sendable {
  /// What carries the values of a property.
  public enum Carrier: Hashable, Sendable {
    /// The structure has one set of components.
    case structure
    /// Each atom has one set of components.
    case atom
  }

  /// The values of a further property, carrier by carrier.
  public struct Values: Hashable, Sendable {
    /// What carries the values.
    public var carrier: Carrier
    /// The components of the structure, or those of one atom after the other.
    public var values: [Double]

    /// Makes values of a carrier; those of atoms are a multiple of the number of atoms.
    public init(carrier: Carrier, _ values: [Double]) {
      self.carrier = carrier
      self.values = values
    }
  }

  /// The potential energy in eV.
  public var energy: Double?
  /// The force on each atom in eV/angstrom.
  public var forces: [SIMD3<Double>]?
  /// The stress `(1/V) dE/d(strain)` in eV/angstrom^3, positive under tension.
  public var stress: Matrix3?
  /// The values of further properties by name, such as a dipole.
  public var others: [String: Values]

  /// Makes labels; those not given are missing.
  public init(
    energy: Double? = nil, forces: [SIMD3<Double>]? = nil, stress: Matrix3? = nil,
    others: [String: Values] = [:]
  ) {
    self.energy = energy
    self.forces = forces
    self.stress = stress
    self.others = others
  }
}
