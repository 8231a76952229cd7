import Dispatch
import Glibc
import Synchronization

/// Threads of Dispatch that take chunks of the same work as the calling thread.
///
/// A program shares out work many times in a step, and a thread that sleeps takes longer to wake up
/// than much of that work takes. So helpers look out for more for some microseconds before
/// they go back to Dispatch, and the caller watches the last chunks. It sleeps where a helper has lost its
/// processor to another program, and leaves its own to the helper.
final class WorkTeam: Sendable {
  /// The number of the work, the number of its chunks and the next chunk to take, in one word, so that
  /// no thread takes a chunk of other work than it has read about.
  private struct Offer {
    var bits: UInt64

    static let indexBits: UInt64 = 20
    static let mask: UInt64 = (1 << indexBits) - 1

    init(bits: UInt64) { self.bits = bits }

    /// All chunks of the work after this one.
    func following(chunks: Int) -> Offer {
      let work = (bits >> (2 * Offer.indexBits)) &+ 1
      return Offer(bits: work << (2 * Offer.indexBits) | UInt64(chunks) << Offer.indexBits)
    }

    var chunks: UInt64 { bits >> Offer.indexBits & Offer.mask }
    var next: UInt64 { bits & Offer.mask }
    var isOpen: Bool { next < chunks }
  }

  private typealias Body = @Sendable (_ chunk: Int, _ thread: Int) -> Void

  private let offer = Atomic<UInt64>(0)
  private let finished = Atomic<Int>(0)
  /// The numbers of the helpers that are away.
  private let absent: Mutex<[Int]>
  private let isBusy = Atomic<Bool>(false)
  /// Whether the caller sleeps, or is about to, until the last chunk is done.
  private let isAsleep = Atomic<Bool>(false)
  private let isDone = DispatchSemaphore(value: 0)
  private let helpers: [HelperProcessor]
  /// The work; changed only while there is no chunk to take and no thread at work.
  private nonisolated(unsafe) var body: UnsafePointer<Body>?

  /// The number of looks of a helper before it leaves, and of the caller before it looks whether the helpers
  /// get on; some ten microseconds or more.
  private static let looks = 20_000

  init(helpers: Int) {
    absent = Mutex((1...helpers).reversed())
    self.helpers = (1...helpers).map { _ in HelperProcessor() }
  }

  /// Calls `body` for all chunks, and returns when all calls have; the calling thread is number 0.
  func forEach(_ chunks: Int, _ body: @Sendable (_ chunk: Int, _ thread: Int) -> Void) {
    guard chunks < 1 << 20,
      isBusy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
    else {
      for chunk in 0..<chunks { body(chunk, 0) }
      return
    }
    withoutActuallyEscaping(body) { body in
      withUnsafePointer(to: body) { pointer in
        self.body = pointer
        finished.store(0, ordering: .relaxed)
        let last = Offer(bits: offer.load(ordering: .relaxed))
        offer.store(last.following(chunks: chunks).bits, ordering: .releasing)
        callHelpers()
        while takeChunk(as: 0) {}
        waitForHelpers(chunks)
        self.body = nil
      }
    }
    isBusy.store(false, ordering: .releasing)
  }

  /// Returns when all chunks are done.
  ///
  /// The caller watches the helpers as long as these get on, since waking up takes longer than most chunks.
  private func waitForHelpers(_ chunks: Int) {
    var isStuck = false
    while !isStuck {
      for _ in 0..<Self.looks where finished.load(ordering: .acquiring) == chunks { return }
      for helper in helpers where helper.isStuck {
        helper.borrowCallersProcessor()
        isStuck = true
      }
    }
    while true {
      isAsleep.store(true, ordering: .sequentiallyConsistent)
      let isFinished = finished.load(ordering: .sequentiallyConsistent) == chunks
      // The helper with the last chunk wakes this thread if it has seen it sleep.
      if isFinished && isAsleep.exchange(false, ordering: .sequentiallyConsistent) { return }
      isDone.wait()
      // A helper that was late with the last chunk of earlier work may have taken this sleep for that.
      if finished.load(ordering: .acquiring) == chunks { return }
    }
  }

  private func callHelpers() {
    while let thread = absent.withLock({ $0.popLast() }) {
      DispatchQueue.global(qos: .userInteractive).async { self.help(as: thread) }
    }
  }

  /// Takes chunks until there have been none for some time.
  private func help(as thread: Int) {
    var looks = 0
    helpers[thread - 1].isThisThread()
    while looks < Self.looks {
      looks = takeChunk(as: thread) ? 0 : looks + 1
    }
    absent.withLock { $0.append(thread) }
  }

  /// Takes a chunk and works on it; false if there is none.
  private func takeChunk(as thread: Int) -> Bool {
    let seen = Offer(bits: offer.load(ordering: .relaxed))
    guard seen.isOpen,
      offer.compareExchange(
        expected: seen.bits, desired: seen.bits + 1, ordering: .acquiring
      ).exchanged
    else { return Offer(bits: offer.load(ordering: .relaxed)).isOpen }
    if thread > 0 { helpers[thread - 1].begin() }
    work(on: Int(seen.next), as: thread)
    let count = finished.add(1, ordering: .sequentiallyConsistent).newValue
    if count == seen.chunks, isAsleep.load(ordering: .sequentiallyConsistent),
      isAsleep.exchange(false, ordering: .sequentiallyConsistent)
    {
      isDone.signal()
    }
    if thread > 0 { helpers[thread - 1].end() }
    return true
  }

  /// A function of its own, so that no reference to the body outlives the call.
  @inline(never)
  private func work(on chunk: Int, as thread: Int) {
    body.unsafelyUnwrapped.pointee(chunk, thread)
  }
}
