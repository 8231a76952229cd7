public import Foundation
public import Graph
public import Tensors

/// Everything a run needs to go on bit for bit: all variables, and where the run stands.
///
/// One safetensors file, written beside and renamed, so that a run that is cut off finds the old one
/// or the new one, never half of one.
public enum Checkpoint {
  /// The name of the file in a checkpoint folder.
  public static let fileName = "state.safetensors"

  /// Why a checkpoint cannot be used.
  public struct Mismatch: Error, Equatable, CustomStringConvertible {
    /// The sentence, without control characters.
    public let description: String

    init(description: String) { self.description = description.printable() }
  }

  /// Writes the state of a run.
  ///
  /// Throws if the folder cannot be made or the file cannot be written.
  public static func write<Scalar: RealScalar>(
    _ state: State<Scalar>, _ position: TrainingPosition, to folder: URL
  ) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    var tensors: [String: Tensor] = [:]
    for variable in state.variables {
      tensors[variable.name] = Tensor(copying: state[variable], shape: variable.extents)
    }
    // The same run writes the same bytes.
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let text = String(decoding: try encoder.encode(position), as: UTF8.self)
    let file = SafeTensors(tensors: tensors, metadata: ["format": "1", "position": text])
    try file.write(to: folder.appendingPathComponent(fileName))
  }

  /// Reads the state of a run into a state of the same variables.
  ///
  /// Throws `Mismatch` if there is no checkpoint, if a variable is missing, too many or has another
  /// shape or precision; the state has not changed then.
  public static func read<Scalar: RealScalar>(
    _ state: State<Scalar>, from folder: URL
  ) throws -> TrainingPosition {
    let url = folder.appendingPathComponent(fileName)
    guard FileManager.default.fileExists(atPath: url.path) else {
      throw Mismatch(description: "\(url.path) is not there: there is no checkpoint to go on from")
    }
    let file = try SafeTensors(contentsOf: url)
    guard let text = file.metadata["position"],
      let position = try? JSONDecoder().decode(TrainingPosition.self, from: Data(text.utf8))
    else {
      throw Mismatch(description: "\(url.path) has no metadata 'position': it is no checkpoint")
    }
    for variable in state.variables {
      guard let tensor = file.tensors[variable.name] else {
        throw Mismatch(
          description: "\(url.path) has no variable '\(variable.name)'; it belongs to another "
            + "model or optimizer: resume with the configuration the run was started with")
      }
      guard tensor.shape == variable.extents, tensor.scalarType == Scalar.scalarType else {
        throw Mismatch(
          description: "\(url.path): the variable '\(variable.name)' is "
            + "\(tensor.scalarType.rawValue)\(tensor.shape), expected "
            + "\(Scalar.scalarType.rawValue)\(variable.extents)")
      }
    }
    let names = Set(state.variables.map(\.name))
    if let stranger = file.tensors.keys.sorted().first(where: { !names.contains($0) }) {
      throw Mismatch(
        description: "\(url.path) has the variable '\(stranger)', which this model or optimizer "
          + "has not: resume with the configuration the run was started with")
    }
    for variable in state.variables {
      file.tensors[variable.name]?.copy(into: state[variable])
    }
    return position
  }
}
