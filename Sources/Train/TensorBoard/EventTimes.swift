public import Foundation

/// The seconds that a run has taken up to its steps, as its event files tell.
///
/// Each part of a resumed run has a file of its own. The time between parts does not count, and the time of a
/// part begins with the opening of its file.
public struct EventTimes: Sendable, Equatable {
  /// The steps, ascending, and the seconds up to each.
  public private(set) var points: [(step: Int, seconds: Double)] = []

  /// Reads the event files of a directory; a record that is cut off ends its file.
  public init(directory: URL) {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? [])
      .filter { $0.hasPrefix(EventFileWriter.namePrefix) }.sorted()
    for name in names {
      guard let data = try? Data(contentsOf: directory.appendingPathComponent(name)) else {
        continue
      }
      add(Self.events(in: Array(data)))
    }
  }

  /// The seconds up to a step; nil where no event is of that step.
  public func seconds(atStep step: Int) -> Double? {
    var (low, high) = (0, points.count)
    while low < high {
      let middle = (low + high) / 2
      if points[middle].step < step { low = middle + 1 } else { high = middle }
    }
    return low < points.count && points[low].step == step ? points[low].seconds : nil
  }

  /// Whether both have the same steps and seconds.
  public static func == (first: Self, second: Self) -> Bool {
    first.points.elementsEqual(second.points) { $0 == $1 }
  }

  /// Appends the events of a part, whose first event is that of the opening.
  private mutating func add(_ events: [(time: Double, step: Int)]) {
    guard let start = events.first?.time, let step = events.dropFirst().first?.step else { return }
    points.removeAll { $0.step >= step && step > 0 }
    let before = points.last?.seconds ?? 0
    for event in events.dropFirst() where event.step > points.last?.step ?? -1 {
      points.append((event.step, before + max(0, event.time - start)))
    }
  }

  /// Time and step of each event: records of a length, its check value, the event and its check value.
  private static func events(in bytes: [UInt8]) -> [(time: Double, step: Int)] {
    var events: [(Double, Int)] = []
    var place = 0
    while place + 12 <= bytes.count {
      let length = Int(truncatingIfNeeded: number(bytes[place..<place + 8]))
      guard length >= 0, length <= bytes.count - place - 16 else { break }
      if let event = event(bytes[place + 12..<place + 12 + length]) { events.append(event) }
      place += length + 16
    }
    return events
  }

  /// The first two fields: the time, a double, and the step, a number of 7 bits a byte.
  private static func event(_ message: ArraySlice<UInt8>) -> (Double, Int)? {
    let first = message.startIndex
    guard message.count >= 9, message[first] == 0x09 else { return nil }
    let time = Double(bitPattern: number(message[first + 1..<first + 9]))
    var step: UInt64 = 0
    if message.count > 10, message[first + 9] == 0x10 {
      for (index, byte) in message[(first + 10)...].prefix(9).enumerated() {
        step |= UInt64(byte & 0x7f) << UInt64(7 * index)
        if byte < 0x80 { break }
      }
    }
    return time.isFinite ? (time, Int(truncatingIfNeeded: step)) : nil
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
