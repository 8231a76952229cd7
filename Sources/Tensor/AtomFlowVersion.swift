/// The name and number that the tool prints and that files of models carry.
public enum AtomFlowVersion {
  /// The name of the library.
  public static let name = "AtomFlow"
  /// The number of the version, `major.minor.patch`.
  public static let number = "0.1.0"
  /// Both, as a file names the program that wrote it.
  public static let text = "\(name) \(number)"
}
