/// A team of threads that share the chunks of a kernel.
///
/// Chunks are cut by size, never by the number of threads, wherever a reduction's order decides the
/// result; so a run gives the same bits again, and mostly with another number of threads too.
public struct Workers: Sendable {
  /// The number of threads that work at once.
  public let count: Int

  private let team: WorkTeam?

  /// Makes a team of `count` threads, the calling one included.
  public init(count: Int) {
    ensure(count >= 1, "Workers: a team needs at least one thread, not \(count)")
    self.count = count
    team = count > 1 ? WorkTeam(helpers: count - 1) : nil
  }

  /// Calls `body` once for each of `0 ..< chunks`, in parallel when there is more than one thread.
  ///
  /// The calling thread starts at once and is joined by the others, which takes them tens of
  /// microseconds if they were asleep. Work of less than that is not worth sharing. A call from within
  /// `body` runs on the calling thread alone.
  public func forEach(_ chunks: Int, _ body: @Sendable (Int) -> Void) {
    forEach(chunks) { chunk, _ in body(chunk) }
  }

  /// Calls `body` once for each of `0 ..< chunks` with the number of the thread, in `0 ..< count`, that
  /// it runs on.
  ///
  /// The numbers tell apart the threads of this call alone: memory handed out by them has to belong to
  /// it, since a call from within has number 0 again.
  public func forEach(_ chunks: Int, _ body: @Sendable (_ chunk: Int, _ thread: Int) -> Void) {
    guard chunks > 1, let team else {
      for chunk in 0..<chunks { body(chunk, 0) }
      return
    }
    team.forEach(chunks, body)
  }
}
