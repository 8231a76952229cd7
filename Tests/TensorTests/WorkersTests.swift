import Foundation
import Synchronization
import Tensors
import Testing

@Suite("A team of threads")
struct WorkersTests {
  @Test(
    "does each chunk once, and no number stands for two threads at a time", arguments: [1, 2, 5])
  func numbers(count: Int) {
    let workers = Workers(count: count)
    for chunks in [0, 1, 7, 300] {
      let done = (0..<chunks).map { _ in Counter() }
      let busy = (0..<count).map { _ in Counter() }
      workers.forEach(chunks) { chunk, thread in
        #expect(busy[thread].add(1) == 1)
        // Long enough for others to take part.
        for step in 0..<2000 where done[chunk].add(step == 0 ? 1 : 0) == 2 { break }
        #expect(busy[thread].add(-1) == 0)
      }
      #expect(done.allSatisfy { $0.add(0) == 1 })
    }
  }

  @Test("a caller that fell asleep over the last chunk is woken when it is done, and not before")
  func sleeping() {
    let workers = Workers(count: 3)
    for round in 0..<600 {
      let done = Counter()
      workers.forEach(3) { (chunk: Int) in
        // About as long as the caller looks out, a little less and much more.
        usleep(UInt32(round % 3 == 0 ? 1 : 10 * (chunk + round % 20)))
        done.add(1)
      }
      #expect(done.add(0) == 3)
    }
  }

  @Test("a call from within stays on its thread")
  func nested() {
    let workers = Workers(count: 2)
    let inner = Counter()
    workers.forEach(4) { (_: Int) in
      workers.forEach(3) { _, thread in if thread == 0 { inner.add(1) } }
    }
    #expect(inner.add(0) == 12)
  }
}

/// A number that threads count with.
private final class Counter: Sendable {
  private let value = Atomic<Int>(0)

  @discardableResult
  func add(_ number: Int) -> Int {
    value.add(number, ordering: .sequentiallyConsistent).newValue
  }
}
