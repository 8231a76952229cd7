import Synchronization

/// A progress line to which several threads report.
public final class SharedProgress: Sendable {
  private let line: Mutex<ProgressLine>

  /// Starts to measure; tells it on standard error.
  public init(_ label: String, unit: String, total: Int?) {
    line = Mutex(.onStandardError(label, unit: unit, total: total))
  }

  /// Tells how much is done.
  @Sendable public func update(_ done: Int) { line.withLock { $0.update(done) } }

  /// Tells the end.
  public func finish(_ done: Int) { line.withLock { $0.finish(done) } }
}
