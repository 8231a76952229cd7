import Tensors

/// The end of the frames in a file, which a restart keeps: a resumed run finds it again.
public struct TrajectoryMark: Sendable, Equatable {
  /// The length of the file in bytes.
  public var byteCount: Int
  /// The digest of these bytes; nil where it is not known, as in restarts of older versions.
  public var digest: UInt64?

  /// Makes a mark.
  public init(byteCount: Int, digest: UInt64? = nil) {
    (self.byteCount, self.digest) = (byteCount, digest)
  }
}

/// Appends frames to a file of extended XYZ, each of them on disk before the next begins.
///
/// A frame is written in one piece: a program that is killed leaves at most a part of the last one,
/// which a resumed one cuts off. Another process that writes the same file is refused.
public final class TrajectoryWriter {
  /// The path of the file.
  public let path: String

  private let file: OutputFile
  private var digest = Digest()
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

  /// Goes on with a file behind the frames that it had, and cuts off what came after.
  ///
  /// - Throws: A `FormatError` where the file is shorter, begins with other frames, or cannot be read or
  ///   written; it is as it was then.
  public init(resuming path: String, at mark: TrajectoryMark) throws(FormatError) {
    self.path = path
    do throws(FileError) {
      let count = try digest.add(contentsOf: path, upTo: mark.byteCount)
      if let expected = mark.digest, count == mark.byteCount, digest.value != expected {
        throw FileError(
          path, expected: "the frames that were written before",
          found: "other content in the first \(count) bytes",
          advice: "put the file back, or start again")
      }
      file = try OutputFile(resuming: path, byteCount: mark.byteCount)
    } catch {
      throw FormatError(error)
    }
  }

  /// The end of the frames up to now, those of earlier parts of a resumed run included.
  public var mark: TrajectoryMark {
    TrajectoryMark(byteCount: file.byteCount, digest: digest.value)
  }

  /// Appends a frame.
  ///
  /// - Throws: A `FormatError` where the file cannot be written; the frames before are intact.
  public func append(_ frame: Structure) throws(FormatError) {
    text.removeAll(keepingCapacity: true)
    ExtendedXYZ.append(frame, to: &text)
    do throws(FileError) { try file.write(text) } catch { throw FormatError(error) }
    text.withUnsafeBytes { digest.add($0) }
  }

  /// Waits until all frames would survive a loss of power.
  ///
  /// - Throws: A `FormatError` where the file cannot be written.
  public func synchronize() throws(FormatError) {
    do throws(FileError) { try file.synchronize() } catch { throw FormatError(error) }
  }
}
