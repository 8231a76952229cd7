import Glibc
import Synchronization

/// The processor of a helper of a team, which another program may take away in the midst of a chunk.
///
/// The scheduler then lets the helper wait for some milliseconds, although the caller, who waits for the
/// chunk, has a processor to spare: it looks for work for one only when that is idle for longer than the
/// caller's mostly is. So the helper gets the caller's, and goes away from there when the chunk is done.
final class HelperProcessor: Sendable {
  /// What the helper does.
  private enum Place: UInt8, AtomicRepresentable {
    /// It looks for work or is away.
    case idle
    /// It works on a chunk.
    case atWork
    /// It works on a chunk, and the caller is about to lend its processor.
    case moving
    /// It works on a chunk on the caller's processor.
    case borrowing
  }

  private let place = Atomic<Place>(.idle)
  /// The thread, its clock and the processor that it borrows; changed in turn as `place` says.
  private nonisolated(unsafe) var thread = pthread_self()
  private nonisolated(unsafe) var clock = clockid_t()
  private nonisolated(unsafe) var borrowed: Int32 = 0

  /// The time that the helper had run for when the caller looked last; the caller's alone.
  private nonisolated(unsafe) var timeSeen = -1

  init() {
    // The set is read before any thread is kept on one processor.
    _ = Processors.all
  }

  /// Says that the calling thread is the helper now.
  func isThisThread() {
    thread = pthread_self()
    pthread_getcpuclockid(thread, &clock)
  }

  /// Says that the helper begins with a chunk.
  func begin() { place.store(.atWork, ordering: .releasing) }

  /// Says that the chunk is done; a borrowed processor is returned.
  func end() {
    if place.compareExchange(expected: .atWork, desired: .idle, ordering: .relaxed).exchanged {
      return
    }
    while place.load(ordering: .acquiring) == .moving {}
    var others = Processors.all
    others.remove(borrowed)
    if !others.isEmpty { others.keep(thread) }
    Processors.all.keep(thread)
    place.store(.idle, ordering: .relaxed)
  }

  /// Whether the helper is in the midst of a chunk and has not got on since the last look.
  var isStuck: Bool {
    guard place.load(ordering: .acquiring) == .atWork else { return false }
    let time = time
    defer { timeSeen = time }
    return time == timeSeen
  }

  /// Moves the helper, if it is still in the midst of the chunk, to the processor of the calling thread, which is
  /// about to sleep.
  func borrowCallersProcessor() {
    guard
      place.compareExchange(expected: .atWork, desired: .moving, ordering: .acquiring).exchanged
    else { return }
    borrowed = Processors.current
    Processors([borrowed]).keep(thread)
    place.store(.borrowing, ordering: .releasing)
  }

  /// The time that the helper has run for, in nanoseconds.
  private var time: Int {
    var time = timespec()
    clock_gettime(clock, &time)
    return 1_000_000_000 * time.tv_sec + time.tv_nsec
  }
}

/// A set of processors.
private struct Processors: Sendable {
  private var set = cpu_set_t()

  init(_ members: [Int32]) {
    withUnsafeMutableBytes(of: &set) { bytes in
      for member in members { bytes[Int(member) / 8] |= 1 << UInt8(member % 8) }
    }
  }

  private init(_ set: cpu_set_t) { self.set = set }

  /// Those that the process may use.
  static let all: Processors = {
    var set = cpu_set_t()
    _ = getAffinity(0, MemoryLayout<cpu_set_t>.size, &set)
    return Processors(set)
  }()

  /// That of the calling thread.
  static var current: Int32 { currentCPU() }

  var isEmpty: Bool { withUnsafeBytes(of: set) { $0.allSatisfy { $0 == 0 } } }

  mutating func remove(_ member: Int32) {
    withUnsafeMutableBytes(of: &set) { $0[Int(member) / 8] &= ~(1 << UInt8(member % 8)) }
  }

  /// Keeps a thread on these processors.
  func keep(_ thread: pthread_t) {
    var set = set
    _ = setAffinity(thread, MemoryLayout<cpu_set_t>.size, &set)
  }
}

// The module Glibc leaves out what the headers declare for _GNU_SOURCE alone.

@_silgen_name("sched_getaffinity")
private func getAffinity(
  _ process: pid_t, _ size: Int, _ set: UnsafeMutablePointer<cpu_set_t>
) -> Int32

@_silgen_name("pthread_setaffinity_np")
private func setAffinity(
  _ thread: pthread_t, _ size: Int, _ set: UnsafePointer<cpu_set_t>
) -> Int32

@_silgen_name("sched_getcpu")
private func currentCPU() -> Int32
