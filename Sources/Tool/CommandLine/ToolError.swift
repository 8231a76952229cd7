/// Why a command cannot do its work, in a sentence; the tool ends with status 1.
///
/// For faults that no library has an error of: a file that would be replaced, a run that is not there.
public struct ToolError: Error, Equatable, CustomStringConvertible {
  /// The sentence, without the name of the program.
  public let description: String

  /// Makes an error of a sentence that names the fault and gives advice.
  public init(_ description: String) { self.description = description }
}
