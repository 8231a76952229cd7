public import Foundation
import Graph
import Tensors

/// The file `model.safetensors` of a model directory.
///
/// Tensors, in double precision: the weights under their variables' names. The metadata hold the
/// version of the format, the program, the kind of the potential, its elements, the potential as JSON, the
/// units of energies and lengths, the seed of the first weights, the digest of the training data, and the
/// checksum of all that.
extension TrainedModel {
  /// The name of the file in a model directory.
  public static let fileName = "model.safetensors"

  /// The version of the format that is written; files of older ones are upgraded when they are read.
  public static let formatVersion = "3"

  /// The version before, whose files have no checksum.
  private static let formerVersion = "2"

  private static let units = "eV, angstrom"

  /// Reads the model of a directory.
  ///
  /// - Parameters:
  ///   - directory: The model directory.
  ///   - kinds: The kinds of potential that are known.
  /// - Returns: The model with its weights.
  /// - Throws: `SafeTensorsError` or `ModelFileError` that names file and key.
  public static func load(
    _ directory: URL, kinds: [ModelKind]
  ) throws -> TrainedModel {
    let url = directory.appendingPathComponent(fileName)
    let file = try SafeTensors(contentsOf: url)
    guard file.checksum != nil || file.metadata["format"] != formatVersion else {
      throw ModelFileError(
        file: url.path, key: "checksum", expected: "the digest of the content",
        found: "none; a program that changes the file writes it in format \(formerVersion)")
    }
    let present = try kinds.lazy.compactMap { try $0.upgrade(file, url.path) }.first
    var model = try TrainedModel(ModelFileReader(url.path, present ?? file), kinds: kinds)
    model.fileChecksum = file.checksum ?? file.contentChecksum
    return model
  }

  /// Writes the model into a directory, beside the old file first, so that none is ever half written.
  ///
  /// - Parameter directory: The model directory, which is made if it is missing.
  /// - Throws: `SafeTensorsError` where the file cannot be written, `FileError` where the directory
  ///   cannot be made.
  public func save(to directory: URL) throws {
    try Folder.make(directory.path)
    try contents().write(to: directory.appendingPathComponent(Self.fileName))
  }

  private func contents() throws -> SafeTensors {
    var file = SafeTensors()
    file.tensors = weights
    file.metadata = try Self.metadata(of: potential, seed: seed)
    file.metadata["data"] = trainingData
    return file
  }

  /// The metadata of a potential's file.
  static func metadata(
    of potential: any TrainablePotential, seed: UInt64?
  ) throws -> [String: String] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var metadata = [
      "format": formatVersion, "program": AtomFlowVersion.text, "kind": type(of: potential).kind,
      "elements": symbols(potential), "units": units,
      "model": String(decoding: try encoder.encode(potential), as: UTF8.self),
    ]
    metadata["seed"] = seed.map(String.init)
    return metadata
  }

  /// The elements as the metadata name them, for readers that do not know the kind.
  private static func symbols(_ potential: any TrainablePotential) -> String {
    potential.elements.map(\.symbol).joined(separator: " ")
  }

  private init(
    _ reader: ModelFileReader, kinds: [ModelKind]
  ) throws {
    _ = try reader.text("format", among: [Self.formatVersion, Self.formerVersion])
    let kind = try reader.text("kind")
    guard let type = kinds.first(where: { $0.name == kind })?.type else {
      throw reader.error(
        "kind", "one of the models \(kinds.map(\.name).joined(separator: ", "))",
        "'\(kind)'; a package adds a model of its own to the catalogue of its tool")
    }
    _ = try reader.text("units", among: [Self.units])
    let potential = try reader.potential(type)
    _ = try reader.text("elements", among: [Self.symbols(potential)])
    let variables = potential.variables
    let known = Set(variables.map(\.name))
    if let stranger = reader.file.tensors.keys.sorted().first(where: { !known.contains($0) }) {
      throw reader.error(stranger, "no tensor of this name in this model", "one")
    }
    var seed: UInt64?
    if let text = reader.file.metadata["seed"] {
      seed = UInt64(text)
      if seed == nil { throw reader.error("seed", "a whole number", "'\(text)'") }
    }
    let weights = try variables.map { variable in
      (
        variable.name,
        Tensor(try reader.finite(variable.name, variable.extents), shape: variable.extents)
      )
    }
    self.init(potential, weights: Dictionary(uniqueKeysWithValues: weights), seed: seed)
    trainingData = reader.file.metadata["data"]
  }
}
