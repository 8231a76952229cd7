import Foundation

/// The most memory that this process has held at once.
enum PeakMemory {
  /// Forgets the peak so far, so that the next one belongs to the work that follows.
  ///
  /// Linux does so when 5 is written into `/proc/self/clear_refs`; elsewhere the peak is that of the
  /// whole process.
  static func reset() {
    guard let file = FileHandle(forWritingAtPath: "/proc/self/clear_refs") else { return }
    try? file.write(contentsOf: Data("5".utf8))
    try? file.close()
  }

  /// The peak in bytes, the line `VmHWM` of `/proc/self/status`.
  static var bytes: Int? {
    guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") })
    else { return nil }
    return line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
      .map { $0 * 1024 }
  }
}
