import Tensors

/// How fast a block of memory of 256 MB, far larger than the caches, can be read and written.
struct MemoryBandwidth {
  /// Reading, in GB/s.
  let read: Double
  /// Reading and writing in place, in GB/s of both together.
  let readWrite: Double

  /// Takes the best of some rounds over the whole block, shared among the threads.
  init(workers: Workers, rounds: Int) {
    let count = 64 << 20
    let chunk = 1 << 18
    let memory = UnsafeMutablePointer<Float>.allocate(capacity: count)
    defer { memory.deallocate() }
    memory.initialize(repeating: 1, count: count)
    let sums = UnsafeMutablePointer<Float>.allocate(capacity: count / chunk)
    defer { sums.deallocate() }
    sums.initialize(repeating: 0, count: count / chunk)
    nonisolated(unsafe) let (block, totals) = (memory, sums)

    func best(_ body: @Sendable (Int) -> Void) -> Double {
      var best = Duration.seconds(1000)
      for _ in 0..<rounds {
        best = min(best, ContinuousClock().measure { workers.forEach(count / chunk, body) })
      }
      return best / .seconds(1)
    }
    let bytes = Double(count * MemoryLayout<Float>.stride) / 1e9
    read = bytes / best { totals[$0] = sum(block + $0 * chunk, count: chunk) }
    readWrite = 2 * bytes / best { scale(block + $0 * chunk, count: chunk, by: -1) }
  }
}

/// The sum of elements, four vectors at once so that memory is all it waits for.
private func sum(_ x: UnsafePointer<Float>, count: Int) -> Float {
  let lanes = Float.lanes
  var (a, b, c, d) = (Float.Vector(), Float.Vector(), Float.Vector(), Float.Vector())
  var index = 0
  while index < count {
    a += x.lanes(at: index)
    b += x.lanes(at: index + lanes)
    c += x.lanes(at: index + 2 * lanes)
    d += x.lanes(at: index + 3 * lanes)
    index += 4 * lanes
  }
  return ((a + b) + (c + d)).total
}

/// `x ← x · factor`.
private func scale(_ x: UnsafeMutablePointer<Float>, count: Int, by factor: Float) {
  let lanes = Float.lanes
  var index = 0
  while index < count {
    x.setLanes(x.lanes(at: index) * factor, at: index)
    x.setLanes(x.lanes(at: index + lanes) * factor, at: index + lanes)
    index += 2 * lanes
  }
}
