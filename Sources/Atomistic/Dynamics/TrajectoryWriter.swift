import Foundation

/// Appends frames to a file of extended XYZ, each of them on disk before the next begins.
///
/// A frame is written in one piece: a program that is killed leaves at most a part of the last one,
/// which a resumed one cuts off.
public final class TrajectoryWriter {
  /// The path of the file.
  public let path: String

  /// The bytes written up to now, those of earlier parts of a resumed run included.
  public private(set) var byteCount: Int

  private let handle: FileHandle
  private var text: [UInt8] = []

  /// Starts a new file; one that is there is replaced.
  ///
  /// - Throws: A `FormatError` where the file cannot be written.
  public init(creating path: String) throws(FormatError) {
    (self.path, byteCount) = (path, 0)
    try FileBytes.write([], to: path)
    handle = try Self.open(path)
  }

  /// Goes on with a file that had so many bytes, and cuts off what came after.
  ///
  /// - Throws: A `FormatError` where the file is shorter or cannot be written.
  public init(resuming path: String, byteCount: Int) throws(FormatError) {
    (self.path, self.byteCount) = (path, byteCount)
    handle = try Self.open(path)
    do {
      let size = try handle.seekToEnd()
      if size >= UInt64(byteCount) {
        try handle.truncate(atOffset: UInt64(byteCount))
        return
      }
    } catch { throw Self.failure(path, error) }
    throw FormatError(
      file: path, expected: "the \(byteCount) bytes that were written up to the restart",
      found: "less", advice: "put the file back, or start again")
  }

  deinit { try? handle.close() }

  /// Appends a frame.
  ///
  /// - Throws: A `FormatError` where the file cannot be written.
  public func append(_ frame: Structure) throws(FormatError) {
    text.removeAll(keepingCapacity: true)
    ExtendedXYZ.append(frame, to: &text)
    do { try handle.write(contentsOf: text) } catch { throw Self.failure(path, error) }
    byteCount += text.count
  }

  /// Waits until all frames would survive a loss of power.
  ///
  /// - Throws: A `FormatError` where the file cannot be written.
  public func synchronize() throws(FormatError) {
    do { try handle.synchronize() } catch { throw Self.failure(path, error) }
  }

  private static func open(_ path: String) throws(FormatError) -> FileHandle {
    do { return try FileHandle(forWritingTo: URL(fileURLWithPath: path)) } catch {
      throw failure(path, error)
    }
  }

  private static func failure(_ path: String, _ error: any Error) -> FormatError {
    FormatError(
      file: path, expected: "a file that can be written to", found: error.localizedDescription,
      advice: "check that it is there and that its disk has room")
  }
}
