import Foundation
public import Tensors

/// The streams of the process; text is written without a buffer.
public enum StandardStreams {
  /// Whether a person watches standard error.
  public static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Takes the places of streams that are closed, lest a file of a run does; writing to them remains an error.
  static func open() {
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
    where fcntl(descriptor, F_GETFD) < 0 {
      _ = Glibc.open("/dev/null", O_RDONLY)
    }
  }

  /// Writes results; a reader that has gone away has seen enough.
  ///
  /// Throws where they are lost for another reason, such as a full disk.
  public static func output(_ text: String) throws(FileError) {
    let code = write(text, STDOUT_FILENO)
    guard code != 0, code != EPIPE else { return }
    throw FileError("standard output", expected: "a place for the results", code: code)
  }

  /// Writes progress and what went wrong; a failure has no place left to be told.
  public static func error(_ text: String) { _ = write(text, STDERR_FILENO) }

  /// Writes all bytes; returns the system's number of a failure, or 0.
  private static func write(_ text: String, _ descriptor: Int32) -> Int32 {
    let bytes = Array(text.utf8)
    var done = 0
    while done < bytes.count {
      let count = bytes[done...].withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      if count >= 0 {
        done += count
      } else if errno == EAGAIN {
        // The stream does not block, since a program that shares it has set it so.
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&request, 1, -1)
      } else if errno != EINTR {
        return errno
      }
    }
    return 0
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
