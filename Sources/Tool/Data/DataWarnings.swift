import Atomistic

extension [DataWarning] {
  /// Ends a command that is told to be strict, if there is a warning.
  ///
  /// Throws a `ToolError` that says how many there are; they have been printed before.
  func requireNone(strictly isStrict: Bool) throws {
    guard isStrict, !isEmpty else { return }
    throw ToolError(
      "\(counted(count, "warning")) of the data, and --strict allows none: mend the data, or leave "
        + "--strict out")
  }
}
