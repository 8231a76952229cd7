import Dispatch

/// A team of threads that share the chunks of a kernel.
///
/// Chunks are cut by size, never by the number of threads, wherever a reduction's order decides the
/// result; so a run gives the same bits again, and mostly with another number of threads too.
public struct Workers: Sendable {
  /// How many threads work at once.
  public let count: Int

  /// Makes a team of `count` threads, the calling one included.
  public init(count: Int) {
    precondition(count >= 1, "Workers: a team needs at least one thread, not \(count)")
    self.count = count
  }

  /// Calls `body` once for each of `0 ..< chunks`, in parallel when there is more than one thread.
  ///
  /// A call costs less than a microsecond, but a sleeping thread takes tens of them to wake up;
  /// until then the calling thread works through the chunks alone. Work of less than a tenth of a
  /// millisecond is therefore not worth sharing.
  public func forEach(_ chunks: Int, _ body: (Int) -> Void) {
    if count == 1 || chunks <= 1 {
      for chunk in 0..<chunks { body(chunk) }
    } else {
      // Kernels capture raw memory, which the compiler cannot know to be cut into disjoint chunks.
      withoutActuallyEscaping(body) { body in
        nonisolated(unsafe) let body = body
        DispatchQueue.concurrentPerform(iterations: chunks) { body($0) }
      }
    }
  }
}
