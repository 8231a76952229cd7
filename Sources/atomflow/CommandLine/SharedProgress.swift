import Synchronization

/// A progress line that several threads tell how much is done.
final class SharedProgress: Sendable {
  private let line: Mutex<ProgressLine>

  init(_ label: String, unit: String, total: Int?) {
    line = Mutex(.onStandardError(label, unit: unit, total: total))
  }

  /// Tells how much is done.
  @Sendable func update(_ done: Int) { line.withLock { $0.update(done) } }

  /// Tells the end.
  func finish(_ done: Int) { line.withLock { $0.finish(done) } }
}
