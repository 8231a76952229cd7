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
    /// The kinds of labels to read; the others are neither read nor judged.
    public var labels = LabelKinds.all
    /// The unit of velocities in extended XYZ; nil means what the file says.
    public var velocityUnit: VelocityUnit?
    /// Whether velocities of an unknown unit are an error; else they are passed over.
    public var needsVelocities = false
    /// The units of `input.data` where `units` is nil; nil means bohr and hartree after a check.
    public var unitsOfRunnerData: UnitSystem?

    /// Chooses format, units and keys.
    public init(format: Format? = nil, units: UnitSystem? = nil, keys: LabelKeys = LabelKeys()) {
      self.format = format
      self.units = units
      self.keys = keys
    }
  }

  /// Reads all structures of a file or folder; a file is opened once, so that it may be a pipe.
  ///
  /// Throws if the format is not recognised, and the errors of its reader.
  public static func read(
    _ path: String, options: Options = Options()
  ) throws(FormatError) -> StructureSet {
    if isFolder(path) || options.format == .deePMD {
      if options.format == nil { _ = try format(of: path) }
      return try readDeePMD(path, options)
    }
    let file = try FileReader(path)
    let format = if let format = options.format { format } else { try format(of: file) }
    let text = try file.text()
    switch format {
    case .extendedXYZ:
      return try ExtendedXYZ.read(text: text, file: path, options: ExtendedXYZ.Options(options))
    case .runnerData:
      return try RunnerData.read(
        text: text, file: path, units: options.units ?? options.unitsOfRunnerData,
        labels: options.labels)
    case .deePMD: return try readDeePMD(path, options)
    }
  }

  private static func readDeePMD(
    _ path: String, _ options: Options
  ) throws(FormatError) -> StructureSet {
    guard options.units == nil || options.units == .standard else {
      throw FormatError(
        file: path, key: "units", expected: "eV and angstrom, which DeePMD's format prescribes",
        found: "\(options.units ?? .standard) in the options", advice: "leave out the units")
    }
    return try DeePMDSystem.read(path, labels: options.labels)
  }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
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
    guard !isFolder(path) else {
      guard DeePMDSystem.isPresent(at: path) else {
        throw FormatError(
          file: path, expected: "a structure file, or a folder with DeePMD's type.raw",
          found: "a folder without it")
      }
      return .deePMD
    }
    return try format(of: try FileReader(path))
  }

  private static func format(of file: FileReader) throws(FormatError) -> Format {
    let path = file.path
    var lines = TextLines(file: path, bytes: file.head)
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

extension ExtendedXYZ.Options {
  /// The part of the choices that concerns this format.
  init(_ options: StructureFile.Options) {
    self.init(units: options.units)
    keys = options.keys
    labels = options.labels
    velocityUnit = options.velocityUnit
    needsVelocities = options.needsVelocities
  }
}
