import Foundation

/// The streams of the process; text is written without a buffer.
public enum StandardStreams {
  /// Whether a person watches standard error.
  public static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Writes results.
  public static func output(_ text: String) { write(text, STDOUT_FILENO) }

  /// Writes progress and what went wrong.
  public static func error(_ text: String) { write(text, STDERR_FILENO) }

  /// Writes all bytes; a reader that has gone away is no error of ours.
  private static func write(_ text: String, _ descriptor: Int32) {
    try? FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
      .write(contentsOf: Data(text.utf8))
  }
}

extension ProgressLine {
  /// Starts to measure and tells it on standard error.
  public static func onStandardError(
    _ label: String, unit: String, total: Int?, done: Int = 0
  ) -> ProgressLine {
    ProgressLine(
      label, unit: unit, total: total, done: done,
      isTerminal: StandardStreams.errorIsTerminal, write: StandardStreams.error)
  }
}
