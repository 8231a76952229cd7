import Tensors

/// Why a configuration could not be read.
public struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kind of fault.
  public enum Fault: Error, Sendable, Equatable {
    /// The system did not let the file be read, for the given reason.
    case unreadable(String)
    /// There is no file at the path.
    case absent
    /// The text is not JSON5.
    case malformed(line: Int, expected: String, found: String)
    /// The configuration cannot be written as JSON, for the given reason.
    case unwritable(String)
    /// A key stands in an object that has no such key.
    case unknownKey(KeyPathInDocument, known: [String])
    /// A key that must be given is not.
    case missingKey(KeyPathInDocument, given: [String])
    /// A value is not of the expected type.
    case mismatch(KeyPathInDocument, expected: String, found: String)
    /// A value is of the right type, but a rule of its own forbids it.
    case invalid(KeyPathInDocument, reason: String)
    /// An assignment from the command line cannot be made.
    case assignment(String, reason: String)
  }

  /// The file, or wherever else the configuration comes from.
  public var source: String

  /// The kind of fault.
  public var fault: Fault

  /// The error in full sentences, without control characters.
  public var description: String { "\(source): \(fault.description)".printable() }
}

extension ConfigurationError.Fault: CustomStringConvertible {
  /// The fault in full sentences, without the name of the file.
  public var description: String {
    switch self {
    case .unreadable(let reason): return reason
    case .absent: return "there is no such file; check the spelling and the current folder."
    case .malformed(let line, let expected, let found):
      return "this is not JSON5, line \(line): expected \(expected), found \(found)."
    case .unwritable(let reason): return "this cannot be written as JSON: \(reason)"
    case .unknownKey(let path, let known):
      guard case .key(let name) = path.steps.last else { return "unknown key '\(path)'." }
      if let nearest = nearestName(to: name, among: known) {
        return "unknown key '\(path)'; did you mean '\(nearest)'?"
      }
      let names = known.sorted().joined(separator: ", ")
      return "unknown key '\(path)'; the keys known there are: \(names.isEmpty ? "none" : names)."
    case .missingKey(let path, let given):
      if case .key(let name) = path.steps.last, let near = nearestName(to: name, among: given) {
        return "the key '\(path)' is required; is '\(near)' a misspelling of it?"
      }
      return "the key '\(path)' is required, but not given."
    case .mismatch(let path, let expected, let found):
      let place = path.steps.isEmpty ? "the document" : "'\(path)'"
      return "\(place) should be \(expected), but is \(found)."
    case .invalid(let path, let reason):
      return path.steps.isEmpty ? reason : "'\(path)': \(reason)"
    case .assignment(let text, let reason):
      return "the assignment \(TextLines.quoted(text)) cannot be made: \(reason)"
    }
  }
}
