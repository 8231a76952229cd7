import Foundation

/// Structures in files of any format that is known here.
public enum StructureFile {
  /// The formats of structure files.
  public enum Format: String, Sendable, Hashable, Codable, CaseIterable {
    /// Extended XYZ, see `ExtendedXYZ`.
    case extendedXYZ = "extxyz"
    /// RuNNer's and n2p2's `input.data`, see `RunnerData`.
    case runnerData = "runner"
    /// DeePMD-kit's folders of NumPy arrays, see `DeePMDSystem`.
    case deePMD = "deepmd"
  }

  /// The choices of a reader.
  public struct Options: Hashable, Sendable {
    /// The format; nil means to look at the name and the content.
    public var format: Format?
    /// The units; nil means those customary in the format, after a check for sense.
    public var units: UnitSystem?
    /// The keys of labels in extended XYZ.
    public var keys: LabelKeys

    /// Chooses format, units and keys.
    public init(format: Format? = nil, units: UnitSystem? = nil, keys: LabelKeys = LabelKeys()) {
      self.format = format
      self.units = units
      self.keys = keys
    }
  }

  /// Reads all structures of a file or folder.
  ///
  /// Throws if the format is not recognised, and the errors of its reader.
  public static func read(
    _ path: String, options: Options = Options()
  ) throws(FormatError) -> StructureSet {
    let format = if let format = options.format { format } else { try format(of: path) }
    switch format {
    case .extendedXYZ:
      var own = ExtendedXYZ.Options(units: options.units)
      own.keys = options.keys
      return try ExtendedXYZ.read(path, options: own)
    case .runnerData: return try RunnerData.read(path, units: options.units)
    case .deePMD:
      guard options.units == nil || options.units == .standard else {
        throw FormatError(
          file: path, key: "units", expected: "eV and angstrom, which DeePMD's format prescribes",
          found: "\(options.units ?? .standard) in the options", advice: "leave out the units")
      }
      return try DeePMDSystem.read(path)
    }
  }

  /// Writes structures; without a format, `.data` means RuNNer's, `.xyz` and `.extxyz` extended XYZ
  /// and a name without extension DeePMD's folders.
  ///
  /// Throws if the name has no known ending, and the errors of the writer.
  public static func write(
    _ structures: [Structure], to path: String, format: Format? = nil
  ) throws(FormatError) {
    switch format ?? formatOfName(path) {
    case .extendedXYZ: try ExtendedXYZ.write(structures, to: path)
    case .runnerData: try RunnerData.write(structures, to: path)
    case .deePMD: try DeePMDSystem.write(structures, to: path)
    case nil:
      throw FormatError(
        file: path, expected: "a name that ends in .extxyz, .xyz or .data, or has no ending",
        found: "another", advice: "name the format: extxyz, runner or deepmd")
    }
  }

  /// The format of a file by its content: a number or a `begin` on the first filled line.
  public static func format(of path: String) throws(FormatError) -> Format {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      guard DeePMDSystem.isPresent(at: path) else {
        throw FormatError(
          file: path, expected: "a structure file, or a folder with DeePMD's type.raw",
          found: "a folder without it")
      }
      return .deePMD
    }
    var lines = TextLines(file: path, bytes: try FileBytes.read(path, atMost: 1 << 16))
    if let line = lines.nextFilled() {
      let fields = lines.fields(of: line)
      if fields.count == 1, lines.integer(fields[0]) != nil { return .extendedXYZ }
      if lines.text(fields[0]) == "begin" { return .runnerData }
    }
    if let format = formatOfName(path), format != .deePMD { return format }
    throw FormatError(
      file: path, line: 1, expected: "a number of atoms (extended XYZ) or begin (RuNNer)",
      found: "something else", advice: "name the format: extxyz, runner or deepmd")
  }

  /// The format that a name's ending stands for, if it stands for one.
  package static func formatOfName(_ path: String) -> Format? {
    switch URL(fileURLWithPath: path).pathExtension.lowercased() {
    case "xyz", "extxyz": .extendedXYZ
    case "data": .runnerData
    case "": .deePMD
    default: nil
    }
  }
}
