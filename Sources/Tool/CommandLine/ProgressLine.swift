/// Tells how far a long work has come: its rate and the time left.
///
/// On a terminal one line is written over, at most ten times a second; elsewhere there is a line at
/// most every ten seconds. The end is always told.
public struct ProgressLine {
  /// The work, such as `training`.
  public let label: String
  /// The counted unit, in the plural, such as `steps`.
  public let unit: String
  /// The final count, if it is known.
  public let total: Int?

  private let isTerminal: Bool
  private let write: (String) -> Void
  private let start: ContinuousClock.Instant
  private let first: Int
  private var lastTime: ContinuousClock.Instant?
  private var lastLength = 0

  /// Starts to measure.
  ///
  /// - Parameters:
  ///   - label: The work.
  ///   - unit: The counted unit.
  ///   - total: How much there is to do.
  ///   - done: The count of earlier parts of a resumed run.
  ///   - isTerminal: Whether lines can be written over.
  ///   - now: The time of the start.
  ///   - write: Takes text for the terminal or the log.
  public init(
    _ label: String, unit: String, total: Int?, done: Int = 0, isTerminal: Bool,
    now: ContinuousClock.Instant = .now, write: @escaping (String) -> Void
  ) {
    (self.label, self.unit, self.total) = (label, unit, total)
    (self.isTerminal, self.write) = (isTerminal, write)
    (start, first) = (now, done)
  }

  /// Tells how much is done, unless that was told just before.
  public mutating func update(
    _ done: Int, note: @autoclosure () -> String = "", now: ContinuousClock.Instant = .now
  ) {
    let pause: Duration = isTerminal ? .milliseconds(100) : .seconds(10)
    guard now - (lastTime ?? start) >= pause else { return }
    lastTime = now
    show(text(done, note(), now: now), isLast: false)
  }

  /// Tells the end.
  public mutating func finish(
    _ done: Int, note: String = "", now: ContinuousClock.Instant = .now
  ) {
    show(text(done, note, now: now), isLast: true)
    lastLength = 0
  }

  private mutating func show(_ text: String, isLast: Bool) {
    guard isTerminal else { return write(text + "\n") }
    let blanks = String(repeating: " ", count: max(0, lastLength - text.count))
    lastLength = text.count
    write("\r" + text + blanks + (isLast ? "\n" : ""))
  }

  private func text(_ done: Int, _ note: String, now: ContinuousClock.Instant) -> String {
    let seconds = (now - start) / .seconds(1)
    let rate = seconds > 0 ? Double(done - first) / seconds : 0
    var parts = ["\(label): \(done)" + (total.map { "/\($0)" } ?? "") + " \(unit)"]
    if rate > 0 { parts.append("\(Self.short(rate))/s") }
    if let total, done < total, rate > 0 {
      parts.append("\(Self.clock(Double(total - done) / rate)) left")
    } else {
      parts.append("\(Self.clock(seconds)) taken")
    }
    if !note.isEmpty { parts.append(note) }
    return parts.joined(separator: ", ")
  }

  /// Three digits or so.
  private static func short(_ rate: Double) -> String {
    if rate >= 100 { return rate < 1e15 ? "\(Int(rate.rounded()))" : "\(rate)" }
    let scale = rate >= 10 ? 10.0 : rate >= 1 ? 100 : 10_000
    return "\((rate * scale).rounded() / scale)"
  }

  /// Hours, minutes and seconds.
  private static func clock(_ seconds: Double) -> String {
    guard seconds < 1e9 else { return "years" }
    let whole = Int(seconds.rounded(.up))
    func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let minutes = "\(whole / 60 % 60)"
    return whole < 3600
      ? "\(minutes):\(padded(whole % 60))"
      : "\(whole / 3600):\(padded(whole / 60 % 60)):\(padded(whole % 60))"
  }
}
