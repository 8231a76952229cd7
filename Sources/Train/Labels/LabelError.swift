public import Atomistic

/// Why no labels can be made of structures.
public enum LabelError: Error, CustomStringConvertible {
  /// The potential does not fit a structure; structures are counted from zero.
  case potential(PotentialError, structure: Int)
  /// No structure has a label that the schedule asks for.
  case noLabels(String)
  /// The memory cannot be reserved.
  case memory(bytes: Int)
  /// The file for features cannot be made or has no room.
  case disk(folder: String, bytes: Int, reason: String)

  /// A sentence that says what to do; structures are counted from zero.
  public var description: String {
    switch self {
    case .potential(let error, let structure): "structure \(structure) (counted from 0): \(error)"
    case .noLabels(let sentence): sentence
    case .memory(let bytes):
      "\(bytes >> 20) MB of memory for features cannot be reserved; lower cache.memory, so that "
        + "they go to disk"
    case .disk(let folder, let bytes, let reason):
      "no room for \(max(1, bytes >> 20)) MB of features in \(folder): \(reason); name another "
        + "folder as cache.directory, or lower cache.disk so that they are computed again when "
        + "they are needed"
    }
  }
}
