public import Foundation
public import Tensors

/// A trained model as programs with the KIM API load it, through the model driver of Integrations/KIM.
///
/// A folder holds the parameter files `model.safetensors` and `driver.json`, and what puts them into a
/// collection of the KIM API: `install.sh` for a C compiler alone, `CMakeLists.txt` for
/// `kim-api-collections-management`.
public struct PortableModel: Sendable {
  /// The name of the driver that knows the models of this library.
  public static let driver = "AtomFlow"

  /// The choices that the driver makes for a model, in the file `driver.json`.
  public struct Options: Codable, Equatable, Sendable {
    /// The name of the file.
    public static let fileName = "driver.json"

    /// The precision of forces.
    public var precision = Precision.float64

    /// Forces in double precision.
    public init() {}

    /// Decodes the choices; a key that is absent has its default.
    public init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      precision = try values.decode(.precision, default: precision)
    }
  }

  /// The model and its weights.
  public let model: TrainedModel
  /// The choices of the driver.
  public var options: Options

  /// Makes a portable model of a trained one.
  public init(_ model: TrainedModel, options: Options = Options()) {
    (self.model, self.options) = (model, options)
  }

  /// Reads the parameter files of a folder; without `driver.json` the choices are the defaults.
  ///
  /// - Throws: `SafeTensorsError`, `ModelFileError` or `ConfigurationError` that name file and key.
  public init(contentsOf folder: URL, kinds: [ModelKind]) throws {
    model = try TrainedModel.load(folder, kinds: kinds)
    let file = folder.appendingPathComponent(Options.fileName)
    let isThere = FileManager.default.fileExists(atPath: file.path)
    options = isThere ? try StrictJSON(contentsOf: file).decode(Options.self) : Options()
  }

  /// Writes the folder; its name becomes that of the model in the collection.
  ///
  /// - Throws: A `ModelFileError` where the name is no identifier of C, and `FileError` or
  ///   `SafeTensorsError` where a file cannot be written.
  public func save(to folder: URL) throws {
    let name = folder.standardizedFileURL.lastPathComponent
    guard Self.isIdentifier(name) else {
      throw ModelFileError(
        file: folder.path,
        expected: "a folder whose name can be that of a model in the KIM API: letters, digits and "
          + "underscores, the first no digit", found: "'\(name)'")
    }
    try model.save(to: folder)
    let texts = [
      Options.fileName: try StrictJSON.text(of: options) + "\n",
      "model.c": PortableModelFiles.source(name: name),
      "install.sh": PortableModelFiles.script(name: name),
      "CMakeLists.txt": PortableModelFiles.project(name: name),
    ]
    for (name, text) in texts {
      try WholeFile.write(text, to: folder.appendingPathComponent(name).path)
    }
  }

  private static func isIdentifier(_ name: String) -> Bool {
    name.utf8.first.map { !(48...57).contains($0) } ?? false
      && name.utf8.allSatisfy {
        (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 95
      }
  }
}

extension ModelExport {
  /// The KIM API, by which LAMMPS, ASE, GULP and other programs run a model of any kind.
  public static let kim = ModelExport(name: "kim") { model, folder in
    try PortableModel(model).save(to: folder)
    let name = folder.standardizedFileURL.lastPathComponent
    return """
      the portable model \(name) is in \(folder.path)
      to put it into your collection: sh \(folder.path)/install.sh
      it needs the driver \(PortableModel.driver): sh Integrations/KIM/install.sh

      """
  }
}
