/// Why an event file could not be written.
public struct EventFileError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file as it was named.
  public var file: String

  /// The reason that the system gives.
  public var reason: String

  /// The error in full sentences.
  public var description: String {
    "\(file): the event file for TensorBoard could not be written: \(reason)"
  }
}
