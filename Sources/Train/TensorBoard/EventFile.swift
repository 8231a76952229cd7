public import Foundation
import Tensors

/// Writes what TensorBoard shows of a run: scalars, histograms and the graph.
///
/// An event file is a TFRecord file of `Event` messages. A resumed run opens another file in the
/// same directory, with a later time in its name, and TensorBoard shows both as one run.
public final class EventFileWriter {
  /// The beginning of the names of event files.
  public static let namePrefix = "events.out.tfevents."

  /// The file being written, `events.out.tfevents.<seconds>.<host>.<process>.<number>`.
  public let file: URL

  private let output: OutputFile
  private let clock: () -> Double
  private var pending = Data()

  /// Opens a new event file in a directory, which is made if it is missing.
  ///
  /// - Parameters:
  ///   - directory: The directory of the run.
  ///   - step: The step a resumed run starts from. TensorBoard then drops what an earlier file
  ///     says about later steps, which the resumed run does again.
  ///   - clock: The seconds since 1970.
  /// - Throws: `EventFileError` when the file cannot be made.
  public init(
    directory: URL, resumingAfter step: Int? = nil,
    clock: @escaping () -> Double = { Date().timeIntervalSince1970 }
  ) throws(EventFileError) {
    self.clock = clock
    let seconds = max(Int(clock()), 1 + Self.latestTime(in: directory))
    let process = ProcessInfo.processInfo
    let stamp = String(repeating: "0", count: max(0, 10 - "\(seconds)".count)) + "\(seconds)"
    file = directory.appendingPathComponent(
      "\(Self.namePrefix)\(stamp).\(process.hostName).\(process.processIdentifier).0")
    do throws(FileError) {
      try Folder.make(directory.path)
      output = try OutputFile(new: file.path)
    } catch {
      throw EventFileError(file: file.path, reason: error.reason)
    }
    try add(step: 0) { event in
      event.string(3, "brain.Event:2")
      event.message(10) { $0.string(1, "atomflow") }
    }
    if let step {
      // A session log with the status START, and the first step to come.
      try add(step: step + 1) { event in event.message(7) { $0.integer(1, 1) } }
    }
    try flush()
  }

  deinit { try? output.write(pending) }

  /// Writes one value of a curve, which TensorBoard keeps in single precision.
  public func addScalar(_ tag: String, _ value: Double, step: Int) throws(EventFileError) {
    try addSummary(tag, step: step) { $0.float(2, Float(value)) }
  }

  /// Writes the distribution of some values; those that are not finite are left out.
  public func addHistogram(_ tag: String, values: [Double], step: Int) throws(EventFileError) {
    try addSummary(tag, step: step) { $0.message(5, EventHistogram(values).encode) }
  }

  /// Writes the graph of the run.
  public func addGraph(nodes: [EventGraphNode]) throws(EventFileError) {
    let graph = ProtocolBufferWriter { graph in
      for node in nodes { graph.message(1, node.encode) }
      graph.message(4) { $0.integer(1, 22) }  // the producer that current readers expect
    }
    try add(step: 0) { $0.data(4, graph.bytes) }
  }

  /// Hands the events added so far to the system, so that a running TensorBoard sees them.
  public func flush() throws(EventFileError) {
    do throws(FileError) { try output.write(pending) } catch {
      throw EventFileError(file: file.path, reason: error.reason)
    }
    pending.removeAll(keepingCapacity: true)
  }

  private func addSummary(
    _ tag: String, step: Int, _ value: (inout ProtocolBufferWriter) -> Void
  ) throws(EventFileError) {
    try add(step: step) { event in
      event.message(5) { summary in
        summary.message(1) { entry in
          entry.string(1, tag)
          value(&entry)
        }
      }
    }
  }

  /// Appends one record: length, its check value, the event, its check value.
  private func add(
    step: Int, _ content: (inout ProtocolBufferWriter) -> Void
  ) throws(EventFileError) {
    let event = ProtocolBufferWriter { event in
      event.double(1, clock())
      event.integer(2, step)
      content(&event)
    }
    let length = withUnsafeBytes(of: UInt64(event.bytes.count).littleEndian) { Array($0) }
    pending.append(contentsOf: length)
    append(Crc32C.maskedChecksum(length))
    pending.append(contentsOf: event.bytes)
    append(Crc32C.maskedChecksum(event.bytes))
    if pending.count > 1 << 16 { try flush() }
  }

  private func append(_ checksum: UInt32) {
    withUnsafeBytes(of: checksum.littleEndian) { pending.append(contentsOf: $0) }
  }

  /// The latest time in the names of a directory's event files: TensorBoard reads them by name. Names
  /// whose number is no time of this millennium are not ours.
  private static func latestTime(in directory: URL) -> Int {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
    let times = names.filter { $0.hasPrefix(Self.namePrefix) }
      .compactMap { $0.split(separator: ".").dropFirst(3).first.flatMap { Int($0) } }
      .filter { $0 < 40_000_000_000 }
    return times.max() ?? 0
  }
}
