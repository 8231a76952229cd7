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

  private static let format = "2"

  /// The format before, whose files have no checksum.
  private static let formerFormat = "1"

  /// The tensor with the digests of the structures, two halves of 32 bits each.
  private static let dataKey = "run.data"

  /// The tensor with the weights before the first step.
  private static let firstWeightsKey = "run.firstWeights"

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
    _ state: State<Scalar>, _ position: TrainingPosition, _ record: RunRecord = RunRecord(),
    to folder: URL
  ) throws {
    try Folder.make(folder.path)
    var tensors: [String: Tensor] = [:]
    for variable in state.variables {
      tensors[variable.name] = Tensor(copying: state[variable], shape: variable.extents)
    }
    // The same run writes the same bytes.
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let text = String(decoding: try encoder.encode(position), as: UTF8.self)
    var metadata = ["format": format, "position": text]
    metadata["configuration"] = record.configuration
    metadata["rows"] = record.rows.map(String.init)
    if record.wildLabels != WildLabelTable() {
      metadata["wildLabels"] = String(
        decoding: try encoder.encode(record.wildLabels), as: UTF8.self)
    }
    if let structures = record.data?.structures {
      let halves = structures.flatMap {
        [Int32(truncatingIfNeeded: $0), Int32(truncatingIfNeeded: $0 >> 32)]
      }
      tensors[dataKey] = Tensor(.int32(halves), shape: [structures.count, 2])
    }
    if let first = record.firstWeights {
      tensors[firstWeightsKey] = Tensor(first, shape: [first.count])
    }
    let file = SafeTensors(tensors: tensors, metadata: metadata)
    try file.write(to: folder.appendingPathComponent(fileName))
  }

  /// Reads what the run of a checkpoint was started with.
  ///
  /// Throws `Mismatch` if there is no checkpoint, and `SafeTensorsError` if it is damaged.
  public static func record(in folder: URL) throws -> RunRecord {
    let file = try file(in: folder)
    var record = RunRecord(configuration: file.metadata["configuration"])
    record.rows = file.metadata["rows"].flatMap { Int($0) }
    if let text = file.metadata["wildLabels"] {
      guard let table = try? JSONDecoder().decode(WildLabelTable.self, from: Data(text.utf8)) else {
        throw Mismatch(
          description:
            "\(folder.appendingPathComponent(fileName).path): the metadata 'wildLabels' is no "
            + "table of structures with counts and steps")
      }
      record.wildLabels = table
    }
    if let tensor = file.tensors[dataKey], case .int32(let halves) = tensor.values,
      tensor.shape == [halves.count / 2, 2]
    {
      record.data = DataDigest(
        structures: (0..<halves.count / 2).map {
          UInt64(UInt32(bitPattern: halves[2 * $0]))
            | UInt64(UInt32(bitPattern: halves[2 * $0 + 1])) << 32
        })
    }
    record.firstWeights = file.tensors[firstWeightsKey]?.doubles
    return record
  }

  /// The file of a folder, whole and undamaged.
  private static func file(in folder: URL) throws -> SafeTensors {
    let url = folder.appendingPathComponent(fileName)
    guard FileManager.default.fileExists(atPath: url.path) else {
      throw Mismatch(description: "\(url.path) is not there: there is no checkpoint to go on from")
    }
    let file = try SafeTensors(contentsOf: url)
    let found = file.metadata["format"] ?? "none"
    guard found == format && file.checksum != nil || found == formerFormat else {
      throw Mismatch(
        description: "\(url.path): expected a checkpoint of the format \(format) with a checksum, "
          + "found the format \(found)\(file.checksum == nil ? " and no checksum" : "")")
    }
    return file
  }

  /// Reads the state of a run into a state of the same variables.
  ///
  /// Throws `Mismatch` if there is no checkpoint, if a variable is missing, too many or has another
  /// shape or precision; the state has not changed then.
  public static func read<Scalar: RealScalar>(
    _ state: State<Scalar>, from folder: URL
  ) throws -> TrainingPosition {
    let url = folder.appendingPathComponent(fileName)
    let file = try file(in: folder)
    guard let text = file.metadata["position"],
      let position = try? JSONDecoder().decode(TrainingPosition.self, from: Data(text.utf8))
    else {
      throw Mismatch(
        description: "\(url.path) has no metadata 'position' with a step, a random stream and the "
          + "best loss so far: it is no checkpoint")
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
    let strangers = file.tensors.keys.sorted().filter {
      ![dataKey, firstWeightsKey].contains($0) && !names.contains($0)
    }
    if let stranger = strangers.first {
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
