/// Physical constants (CODATA 2018) in eV, angstrom, femtosecond, atomic mass unit, kelvin and bar.
public enum Units {
  /// The Bohr radius in angstrom.
  public static let bohr = 0.529177210903
  /// The Hartree energy in eV.
  public static let hartree = 27.211386245988
  /// The atomic unit of time in femtoseconds.
  public static let atomicTime = 0.024188843265857
  /// Avogadro's number.
  public static let avogadro = 6.02214076e23
  /// The joules in one eV.
  public static let electronVoltInJoule = 1.602176634e-19
  /// The kilograms in one atomic mass unit.
  public static let atomicMassInKilogram = 1.66053906660e-27
  /// One kcal/mol in eV.
  public static let kilocaloriePerMole = 4184 / (avogadro * electronVoltInJoule)
  /// One kJ/mol in eV.
  public static let kilojoulePerMole = 1000 / (avogadro * electronVoltInJoule)
  /// The Boltzmann constant in eV/K.
  public static let boltzmann = 1.380649e-23 / electronVoltInJoule
  /// One bar in eV/angstrom^3.
  public static let bar = 1e5 * 1e-30 / electronVoltInJoule
  /// One atomic mass unit times (angstrom/fs)^2 in eV.
  public static let atomicMassAngstromSquaredPerFemtosecondSquared =
    atomicMassInKilogram * 1e10 / electronVoltInJoule
  /// One atomic mass unit per cubic angstrom in g/mL.
  public static let atomicMassPerCubicAngstrom = atomicMassInKilogram * 1e3 / 1e-24
}

/// A unit of length that a file may use.
public enum LengthUnit: String, Sendable, Hashable, Codable, CaseIterable {
  case angstrom
  case bohr

  /// One of this unit in angstrom.
  public var inAngstrom: Double {
    switch self {
    case .angstrom: 1
    case .bohr: Units.bohr
    }
  }
}

/// A unit of velocity that a file may use.
public enum VelocityUnit: String, Sendable, Hashable, Codable, CaseIterable {
  case angstromPerFemtosecond = "angstrom/fs"
  case angstromPerPicosecond = "angstrom/ps"
  /// Bohr in an atomic unit of time.
  case atomic

  /// One of this unit in angstrom/fs.
  public var inAngstromPerFemtosecond: Double {
    switch self {
    case .angstromPerFemtosecond: 1
    case .angstromPerPicosecond: 1e-3
    case .atomic: Units.bohr / Units.atomicTime
    }
  }
}

/// A unit of energy that a file may use.
public enum EnergyUnit: String, Sendable, Hashable, Codable, CaseIterable {
  case electronVolt = "eV"
  case hartree
  case kilocaloriePerMole = "kcal/mol"
  case kilojoulePerMole = "kJ/mol"

  /// One of this unit in eV.
  public var inElectronVolt: Double {
    switch self {
    case .electronVolt: 1
    case .hartree: Units.hartree
    case .kilocaloriePerMole: Units.kilocaloriePerMole
    case .kilojoulePerMole: Units.kilojoulePerMole
    }
  }
}

/// The units of a file: readers multiply by its factors, writers divide by them.
public struct UnitSystem: Sendable, Hashable, Codable, CustomStringConvertible {
  /// The unit of positions and cells.
  public var length: LengthUnit
  /// The unit of energies; forces and stresses are made of both.
  public var energy: EnergyUnit

  /// Makes a system from its two units.
  public init(length: LengthUnit, energy: EnergyUnit) {
    self.length = length
    self.energy = energy
  }

  /// Angstrom and eV, the units of every interface of this library.
  public static let standard = UnitSystem(length: .angstrom, energy: .electronVolt)
  /// Bohr and hartree.
  public static let atomic = UnitSystem(length: .bohr, energy: .hartree)

  /// One length of this system in angstrom.
  public var lengthFactor: Double { length.inAngstrom }
  /// One energy of this system in eV.
  public var energyFactor: Double { energy.inElectronVolt }
  /// One force of this system in eV/angstrom.
  public var forceFactor: Double { energyFactor / lengthFactor }
  /// One stress of this system in eV/angstrom^3.
  public var stressFactor: Double { energyFactor / (lengthFactor * lengthFactor * lengthFactor) }

  /// Both units, as in `angstrom and eV`.
  public var description: String { "\(length.rawValue) and \(energy.rawValue)" }

  /// The options of the command line that choose this system.
  public var commandLineOptions: String {
    "--length-unit \(length.rawValue) --energy-unit \(energy.rawValue)"
  }
}
