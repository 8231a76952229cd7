/// A quantity that a potential predicts and a structure may have a reference value of.
///
/// Energy, force and stress are values of this type; a dipole or the charges of atoms are further
/// ones, which a package adds. Losses, metrics and tables iterate over a list of them.
public struct Property: Sendable {
  /// The way from a potential to the values.
  public enum Definition: Sendable {
    /// The energy of a structure. Reference energies are subtracted from what is learnt.
    case energy
    /// `-∂E/∂x`, the force on each atom.
    case force
    /// `(1/V) ∂E/∂ε` for the strains xx, yy, zz, yz, xz, xy.
    case stress
    /// A graph of the potential's own, see `Potential.values(of:_:)`.
    case own
  }

  /// The name in configurations, tables and files, such as `energy`.
  public let name: String
  /// The unit of the values, such as `eV`.
  public let unit: String
  /// What carries the values.
  public let carrier: Labels.Carrier
  /// The number of components that a carrier has.
  public let components: Int
  /// Whether errors are reported per atom of the structure.
  public let isReportedPerAtom: Bool
  /// The way from a potential to the values.
  public let definition: Definition
  /// The reference values of a structure, carrier by carrier; nil where it has none.
  public let reference: @Sendable (Structure) -> [Double]?

  /// Makes a property that potentials have a graph of their own for.
  ///
  /// - Parameters:
  ///   - name: The name in configurations, tables and files.
  ///   - unit: The unit of the values.
  ///   - carrier: What carries the values.
  ///   - components: The number of components that a carrier has.
  ///   - isReportedPerAtom: Whether errors are reported per atom of the structure.
  public init(
    name: String, unit: String, carrier: Labels.Carrier, components: Int,
    isReportedPerAtom: Bool = false
  ) {
    self.init(
      name: name, unit: unit, carrier: carrier, components: components,
      isReportedPerAtom: isReportedPerAtom, definition: .own,
      reference: { $0.labels.others[name]?.values })
  }

  private init(
    name: String, unit: String, carrier: Labels.Carrier, components: Int, isReportedPerAtom: Bool,
    definition: Definition, reference: @escaping @Sendable (Structure) -> [Double]?
  ) {
    self.name = name
    self.unit = unit
    self.carrier = carrier
    self.components = components
    self.isReportedPerAtom = isReportedPerAtom
    self.definition = definition
    self.reference = reference
  }

  /// The energy of a structure in eV; errors are reported per atom.
  public static let energy = Property(
    name: "energy", unit: "eV", carrier: .structure, components: 1, isReportedPerAtom: true,
    definition: .energy, reference: { $0.labels.energy.map { [$0] } })

  /// The three components of the force on each atom in eV/angstrom.
  public static let force = Property(
    name: "force", unit: "eV/angstrom", carrier: .atom, components: 3, isReportedPerAtom: false,
    definition: .force, reference: { $0.labels.forces?.flatMap { [$0.x, $0.y, $0.z] } })

  /// The six components xx, yy, zz, yz, xz, xy of the stress in eV/angstrom³, tensile positive.
  public static let stress = Property(
    name: "stress", unit: "eV/angstrom^3", carrier: .structure, components: 6,
    isReportedPerAtom: false, definition: .stress,
    reference: { structure in
      structure.labels.stress.map { stress in
        voigt.map { (stress[$0.row, $0.column] + stress[$0.column, $0.row]) / 2 }
      }
    })

  /// The rows and columns of the six components of a symmetric matrix, in Voigt's order.
  public static let voigt: [(row: Int, column: Int)] = [
    (0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1),
  ]

  /// The number of values of a structure.
  public func count(of structure: Structure) -> Int {
    components * (carrier == .atom ? structure.count : 1)
  }

  /// The unit in which errors are shown, a thousandth of `unit`, such as `meV/atom`.
  public var errorUnit: String { "m\(unit)\(isReportedPerAtom ? "/atom" : "")" }
}
