import Tensors

/// Sums over rows, of each lane for itself, that are added up in the order of lanes.
///
/// Only the rows of a sum that a lane has changed are set to zero and added: the pairs of a lane, say,
/// belong to few atoms of a batch. A single lane writes into the result itself.
struct PartialSums<Scalar: RealScalar> {
  private let count: Int
  private var lanes = 1
  /// The elements of each sum, and where each starts in a lane's part of the memory.
  private var sizes: [Int] = []
  private var starts: [Int] = []
  private var sizeOfLane = 0
  /// The rows that each lane has changed, lower and upper bound, sum by sum.
  private let changed = Buffer<Int>()

  init(count: Int) { self.count = count }

  /// The scalars of memory that all lanes together want.
  var scratchCount: Int { lanes == 1 ? 0 : lanes * sizeOfLane }

  /// Takes over the sizes of the sums and the number of lanes.
  mutating func resize(to sizes: [Int], lanes: Int) {
    (self.sizes, self.lanes) = (sizes, lanes)
    starts.removeAll(keepingCapacity: true)
    sizeOfLane = 0
    for size in sizes {
      starts.append(sizeOfLane)
      // Lanes do not share cache lines.
      sizeOfLane += (size + 31) / 32 * 32
    }
    changed.resize(to: 2 * lanes * count)
  }

  /// The memory of a lane's sum, of which no row has been changed yet.
  func begin(
    _ sum: Int, lane: Int, _ result: ValueView, _ memory: UnsafeMutablePointer<Scalar>
  ) -> UnsafeMutableRawPointer? {
    let rows = changed.base + 2 * (lane * count + sum)
    (rows[0], rows[1]) = (0, 0)
    return lanes == 1
      ? result.base : UnsafeMutableRawPointer(memory + lane * sizeOfLane + starts[sum])
  }

  /// Sets rows to zero that a lane changes for the first time.
  func widen(_ sum: Int, lane: Int, to wanted: Range<Int>, _ view: ValueView) {
    if wanted.isEmpty { return }
    let rows = changed.base + 2 * (lane * count + sum)
    let target = view.base.unsafelyUnwrapped.assumingMemoryBound(to: Scalar.self)
    let width = view.shape.count(1..<view.shape.rank)
    func clear(_ range: Range<Int>) {
      (target + range.lowerBound * width).update(repeating: 0, count: range.count * width)
    }
    if rows[0] == rows[1] {
      clear(wanted)
      (rows[0], rows[1]) = (wanted.lowerBound, wanted.upperBound)
      return
    }
    if wanted.lowerBound < rows[0] {
      clear(wanted.lowerBound..<rows[0])
      rows[0] = wanted.lowerBound
    }
    if wanted.upperBound > rows[1] {
      clear(rows[1]..<wanted.upperBound)
      rows[1] = wanted.upperBound
    }
  }

  /// Adds the sums of all lanes up; rows that none has changed are zero.
  func finish(
    _ sum: Int, _ result: ValueView, _ memory: UnsafeMutablePointer<Scalar>
  ) {
    let target = result.base.unsafelyUnwrapped.assumingMemoryBound(to: Scalar.self)
    let width = result.shape.count(1..<result.shape.rank)
    let own = changed.base + 2 * sum
    if lanes == 1 {
      target.update(repeating: 0, count: own[0] * width)
      (target + own[1] * width).update(
        repeating: 0, count: sizes[sum] - own[1] * width)
      return
    }
    target.update(repeating: 0, count: sizes[sum])
    for lane in 0..<lanes {
      let rows = changed.base + 2 * (lane * count + sum)
      let first = rows[0] * width
      let share = memory + lane * sizeOfLane + starts[sum] + first
      withUnsafeTemporaryAllocation(of: UnsafePointer<Scalar>.self, capacity: 2) {
        let summands = $0.baseAddress.unsafelyUnwrapped
        (summands[0], summands[1]) = (UnsafePointer(target + first), UnsafePointer(share))
        Add().apply(summands, into: target + first, count: (rows[1] - rows[0]) * width)
      }
    }
  }
}
