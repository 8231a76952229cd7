import Foundation

/// The units that the header of a frame names: by `units`, also as a dictionary that ASE has written,
/// by `length_unit`, `energy_unit` and `velocity_unit`, in i-PI's form, or as a dump of GPUMD.
struct ExtendedXYZUnits {
  /// The units of lengths and energies; angstrom and eV where nothing names them.
  private(set) var system: UnitSystem
  /// Whether the header names the unit of length.
  private(set) var areNamed = false
  /// The unit of velocities, where the header names it or is GPUMD's.
  private(set) var velocity: VelocityUnit?

  /// Reads the entries of a header; lengths and energies are in the chosen units, if there are any.
  init(
    _ header: ExtendedXYZHeader, chosen: UnitSystem?, _ lines: TextLines
  ) throws(FormatError) {
    system = chosen ?? .standard
    if let entry = try header.entry("velocity_unit", lines) {
      velocity = VelocityUnit(rawValue: entry.value.lowercased())
      guard velocity != nil else {
        throw lines.fault(
          key: entry.key,
          expected: VelocityUnit.allCases.map(\.rawValue).joined(separator: ", "),
          found: TextLines.quoted(entry.value), advice: "say the unit with --velocity-unit")
      }
    } else if Self.isOfGPUMD(header) {
      velocity = .angstromPerFemtosecond
    }
    guard chosen == nil else { return }
    func unknown(_ entry: ExtendedXYZHeader.Entry, _ known: String) -> FormatError {
      lines.fault(
        key: entry.key, expected: known, found: TextLines.quoted(entry.value),
        advice: "say what the units are with --length-unit and --energy-unit")
    }
    if let entry = try header.entry("units", lines) {
      if let dictionary = Self.dictionary(entry.value) {
        if let fault = take(dictionary) { throw unknown(entry, fault) }
      } else {
        guard let system = Self.system(entry.value) else {
          throw unknown(entry, "metal (angstrom and eV) or atomic (bohr and hartree)")
        }
        (self.system, areNamed) = (system, true)
      }
    }
    if let entry = try header.entry("length_unit", lines) {
      guard let length = Self.length(entry.value) else {
        throw unknown(entry, "angstrom or bohr")
      }
      (system.length, areNamed) = (length, true)
    }
    if let entry = try header.entry("energy_unit", lines) {
      guard let energy = Self.energy(entry.value) else {
        throw unknown(entry, "eV, hartree, kcal/mol or kJ/mol")
      }
      system.energy = energy
    }
    if let length = header.ipi?.length { (system.length, areNamed) = (length, true) }
  }

  /// Takes the units of lengths, energies and forces; all other quantities are made of these or have
  /// units of their own. Returns what was expected where a unit is not known.
  private mutating func take(_ dictionary: [String: String]) -> String? {
    for key in ["length", "lengths", "distance", "position", "positions", "pos"] {
      guard let word = dictionary[key] else { continue }
      guard let length = Self.length(word) else { return "lengths in angstrom or bohr" }
      (system.length, areNamed) = (length, true)
    }
    if let word = dictionary["energy"] {
      guard let energy = Self.energy(word) else {
        return "energies in eV, hartree, kcal/mol or kJ/mol"
      }
      system.energy = energy
    }
    guard let word = dictionary["forces"] ?? dictionary["force"] else { return nil }
    let parts = word.split(separator: "/")
    let length = parts.last.flatMap { Self.length(String($0)) }
    let energy = Self.energy(parts.dropLast().joined(separator: "/"))
    if !areNamed, let length { system.length = length }
    guard length == system.length, energy == system.energy else {
      return "forces in \(system.energy.rawValue)/\(system.length.rawValue)"
    }
    areNamed = true
    return nil
  }

  /// Whether a header is that of GPUMD's dumps, whose velocities are in angstrom/fs (keyword `dump_exyz`):
  /// it has these entries, where LAMMPS, whose unit may be another, has a number of steps.
  private static func isOfGPUMD(_ header: ExtendedXYZHeader) -> Bool {
    let keys = Set(header.entries.map { $0.key.lowercased() })
    return keys.isSuperset(of: ["time", "energy", "virial", "stress"]) && !keys.contains("timestep")
  }

  /// The entries of a dictionary that ASE has written as JSON, keys in lower case, or nil.
  private static func dictionary(_ value: String) -> [String: String]? {
    guard let text = ExtendedXYZMeaning.json(value) else { return nil }
    let entries = try? JSONDecoder().decode([String: String].self, from: Data(text.utf8))
    return entries.map { Dictionary($0.map { ($0.key.lowercased(), $0.value) }) { $1 } }
  }

  private static func system(_ word: String) -> UnitSystem? {
    switch word.lowercased() {
    case "metal", "ev", "ase", "angstrom and ev": .standard
    case "atomic", "au", "a.u.", "bohr and hartree": .atomic
    default: nil
    }
  }

  private static func length(_ word: String) -> LengthUnit? {
    switch word.lowercased() {
    case "angstrom", "ang", "a", "å": .angstrom
    case "bohr", "a0", "au", "a.u.": .bohr
    default: nil
    }
  }

  private static func energy(_ word: String) -> EnergyUnit? {
    switch word.lowercased() {
    case "ev", "electronvolt": .electronVolt
    case "hartree", "ha", "au", "a.u.": .hartree
    case "kcal/mol": .kilocaloriePerMole
    case "kj/mol": .kilojoulePerMole
    default: nil
    }
  }
}
