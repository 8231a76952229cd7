import Tensors

/// Appends frames to a file of extended XYZ, each of them on disk before the next begins.
///
/// A frame is written in one piece: a program that is killed leaves at most a part of the last one,
/// which a resumed one cuts off. Another process that writes the same file is refused.
public final class TrajectoryWriter {
  /// The path of the file.
  public let path: String

  private let file: OutputFile
  private var text: [UInt8] = []

  /// Starts a new file; one that is there is replaced.
  ///
  /// - Throws: A `FormatError` where the file cannot be written.
  public init(creating path: String) throws(FormatError) {
    self.path = path
    do throws(FileError) { file = try OutputFile(creating: path) } catch {
      throw FormatError(error)
    }
  }

  /// Goes on with a file that had so many bytes, and cuts off what came after.
  ///
  /// - Throws: A `FormatError` where the file is shorter or cannot be written.
  public init(resuming path: String, byteCount: Int) throws(FormatError) {
    self.path = path
    do throws(FileError) { file = try OutputFile(resuming: path, byteCount: byteCount) } catch {
      throw FormatError(error)
    }
  }

  /// The bytes written up to now, those of earlier parts of a resumed run included.
  public var byteCount: Int { file.byteCount }

  /// Appends a frame.
  ///
  /// - Throws: A `FormatError` where the file cannot be written; the frames before are intact.
  public func append(_ frame: Structure) throws(FormatError) {
    text.removeAll(keepingCapacity: true)
    ExtendedXYZ.append(frame, to: &text)
    do throws(FileError) { try file.write(text) } catch { throw FormatError(error) }
  }

  /// Waits until all frames would survive a loss of power.
  ///
  /// - Throws: A `FormatError` where the file cannot be written.
  public func synchronize() throws(FormatError) {
    do throws(FileError) { try file.synchronize() } catch { throw FormatError(error) }
  }
}
