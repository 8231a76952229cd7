/// The log of one of KIM's handles.
struct Log {
  /// Writes an entry; the arguments are the message and the name of the file that it is about.
  let write: (_ message: String, _ file: String) -> Void

  /// Runs a body; an error that it throws becomes an entry.
  ///
  /// - Returns: 0, or 1 after an error.
  func reporting(_ body: () throws -> Void) -> Int32 {
    do {
      try body()
      return 0
    } catch {
      write("\(error)", "AtomFlow")
      return 1
    }
  }
}
