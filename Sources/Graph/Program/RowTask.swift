import Tensors

/// Instructions that work row by row, run for a block of rows at a time while it is in the cache.
///
/// A lane is a share of the rows, which one thread works through; each thread has views of its own
/// that look at its present block. Values that only the task needs lie in memory of that thread for
/// one block; every block uses the same memory. Each lane has sums over rows of its own, which are
/// added up in the order of lanes, so that results do not depend on the number of threads.
final class RowTask<Scalar: RealScalar> {
  private let calls: Range<Int>
  /// For each call the numbers, among the views of a thread, of its operands and of its result.
  private var identifiers: [Int] = []
  private var starts: [(operands: Int, result: Int)] = []
  /// The values whose rows are taken, first among the views of a thread, and those taken as a whole.
  private var rowValues: [RowValue]
  private let wholeValues: [Int]
  /// The places among the calls of those that sum over rows, and their results.
  private let sums: [(call: Int, value: Int)]
  private var partialSums: PartialSums<Scalar>

  private let views: UnsafeMutablePointer<ValueView>
  private let extents: UnsafeMutablePointer<Int>
  private let viewCount: Int
  private let extentCount: Int
  private let threads: Int
  /// The start of each slot of a block in a thread's memory, and the end of the last one.
  private var slotStarts: [Int]

  /// The number of lanes and the rows of a block for the present sizes.
  private(set) var laneCount = 1
  private var blockRows = 1

  private struct RowValue {
    let value: Int
    /// The slot among those for a block, if the value is needed within the task alone.
    let slot: Int?
    let elementSize: Int
    /// The values that are computed for each of its elements.
    let valuesPerElement: Int
    var rowBytes = 0
  }

  /// The bytes of the widest value in a block: few enough that those in use at a time fit into the
  /// second-level cache, many enough that to call a kernel for the narrow ones costs little.
  private static var blockBytes: Int { 1 << 17 }

  /// The elements that a lane computes at least: few enough that threads end at about the same time.
  private static var laneElements: Int { 32_768 }

  /// The lanes of a task with sums at most, for any number of threads.
  private static var mostLanesOfSums: Int { 16 }

  init(
    _ task: Program.Phase.Task, rowOperands: [[Bool]], of program: Program,
    _ allCalls: UnsafePointer<KernelCall>, operands: UnsafePointer<Int>, threads: Int
  ) {
    calls = task.instructions
    self.threads = threads
    var (rows, wholes) = (Numbering(), Numbering())
    var sums: [(call: Int, value: Int)] = []
    // Whole values come after all values by rows, whose number is known at the end, and then sums.
    var isWhole: [Bool] = []
    for (position, byRows) in zip(calls, rowOperands) {
      let start = identifiers.count
      for place in 0..<allCalls[position].operandCount {
        let value = operands[allCalls[position].operandStart + place]
        isWhole.append(!byRows[place])
        identifiers.append(byRows[place] ? rows.number(of: value) : wholes.number(of: value))
      }
      let result = allCalls[position].result
      if task.sums.contains(position) {
        starts.append((start, sums.count))
        sums.append((starts.count - 1, result))
      } else {
        starts.append((start, rows.number(of: result)))
      }
    }
    for place in identifiers.indices where isWhole[place] {
      identifiers[place] += rows.values.count
    }
    for sum in sums { starts[sum.call].result += rows.values.count + wholes.values.count }
    self.sums = sums
    partialSums = PartialSums(count: sums.count)
    var valuesPerElement: [Int: Int] = [:]
    for position in calls where !task.sums.contains(position) {
      valuesPerElement[allCalls[position].result] = allCalls[position].kernel.valuesPerElement
    }
    rowValues = rows.values.map {
      RowValue(
        value: $0, slot: program.blockSlot(of: $0),
        elementSize: program.values[$0].type.elements.stride(Scalar.self),
        valuesPerElement: valuesPerElement[$0] ?? 1)
    }
    wholeValues = wholes.values
    viewCount = rowValues.count + wholeValues.count + sums.count
    extentCount = 8 * rowValues.count
    slotStarts = [Int](repeating: 0, count: task.blockSlots + 1)
    views = .allocate(capacity: viewCount * threads)
    extents = .allocate(capacity: extentCount * threads)
  }

  deinit {
    views.deallocate()
    extents.deallocate()
  }

  /// Takes over the shapes of the present sizes; returns the number of elements to be computed.
  func prepare(_ allCalls: UnsafePointer<KernelCall>, _ all: UnsafePointer<ValueView>) -> Int {
    let rows = all[rowValues[0].value].shape[0]
    var (widest, total) = (1, 0)
    for number in rowValues.indices {
      let shape = all[rowValues[number].value].shape
      let width = shape.count(1..<shape.rank)
      widest = max(widest, width * rowValues[number].elementSize)
      total += rows * width * rowValues[number].valuesPerElement
      rowValues[number].rowBytes = width * rowValues[number].elementSize
    }
    blockRows = max(1, Self.blockBytes / widest)
    if blockRows > 8 { blockRows -= blockRows % 8 }
    let mostLanes = !sums.isEmpty ? Self.mostLanesOfSums : threads == 1 ? 1 : 8 * threads
    laneCount = max(1, min(mostLanes, total / Self.laneElements))
    partialSums.resize(to: sums.map { all[$0.value].shape.count }, lanes: laneCount)
    for thread in 0..<threads { look(at: all, as: thread) }
    placeSlots()
    return total
  }

  /// Gives a thread the shapes of the present sizes.
  private func look(at all: UnsafePointer<ValueView>, as thread: Int) {
    let views = views + thread * viewCount
    for (number, row) in rowValues.enumerated() {
      let (base, shape) = (all[row.value].base, all[row.value].shape)
      ensure(shape.rank <= 8, "a program takes values of at most eight axes")
      let target = extents + thread * extentCount + 8 * number
      for axis in 0..<shape.rank { target[axis] = shape[axis] }
      target[0] = blockRows
      (views + number).initialize(
        to: ValueView(base: base, shape: ResolvedShape(base: target, rank: shape.rank)))
    }
    for (number, value) in (wholeValues + sums.map(\.value)).enumerated() {
      (views + rowValues.count + number).initialize(to: all[value])
    }
  }

  /// Lays the slots for one block side by side, each in cache lines of its own.
  private func placeSlots() {
    for row in rowValues {
      if let slot = row.slot { slotStarts[slot + 1] = (blockRows * row.rowBytes + 63) / 64 * 64 }
    }
    for slot in slotStarts.indices.dropFirst() { slotStarts[slot] += slotStarts[slot - 1] }
  }

  /// The scalars of memory for a block, and the scratch memory of the kernels behind it.
  func scratchCount(_ allCalls: UnsafePointer<KernelCall>, shapes: inout [ResolvedShape]) -> Int {
    identifiers.withUnsafeBufferPointer { identifiers in
      var most = 0
      for (number, position) in calls.enumerated() {
        let (start, result) = starts[number]
        most = max(
          most,
          allCalls[position].scratchCount(
            views, operands: identifiers.baseAddress.unsafelyUnwrapped + start, result: result,
            workers: Workers(count: 1), shapes: &shapes))
      }
      return slotStarts[slotStarts.count - 1] / MemoryLayout<Scalar>.stride + most
    }
  }

  /// Works through the rows of one lane; `all` are the views of the session.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func run(
    lane: Int, as thread: Int, _ allCalls: UnsafePointer<KernelCall>,
    _ all: UnsafePointer<ValueView>,
    scratch: UnsafeMutablePointer<Scalar>, sumMemory: UnsafeMutablePointer<Scalar>
  ) {
    let (views, extents) = (views + thread * viewCount, extents + thread * extentCount)
    let rows = all[rowValues[0].value].shape[0]
    var first = rows * lane / laneCount
    let end = rows * (lane + 1) / laneCount
    for (number, value) in wholeValues.enumerated() {
      views[rowValues.count + number].base = all[value].base
    }
    let firstSum = rowValues.count + wholeValues.count
    for (number, sum) in sums.enumerated() {
      views[firstSum + number].base = partialSums.begin(
        number, lane: lane, all[sum.value], sumMemory)
    }
    let blocks = UnsafeMutableRawPointer(scratch)
    let behindBlocks = scratch + slotStarts[slotStarts.count - 1] / MemoryLayout<Scalar>.stride
    let one = Workers(count: 1)
    identifiers.withUnsafeBufferPointer { identifiers in
      let identifiers = identifiers.baseAddress.unsafelyUnwrapped
      while first < end {
        let count = min(blockRows, end - first)
        for (number, row) in rowValues.enumerated() {
          views[number].base =
            row.slot.map { blocks + slotStarts[$0] }
            ?? all[row.value].base.unsafelyUnwrapped + first * row.rowBytes
          extents[8 * number] = count
        }
        for (number, position) in calls.enumerated() {
          let (start, result) = starts[number]
          if result < firstSum {
            allCalls[position].evaluate(
              views, operands: identifiers + start, result: result, workers: one,
              scratch: behindBlocks)
          } else {
            let operands = allCalls[position].operands(
              views, identifiers + start, workers: one, scratch: behindBlocks)
            partialSums.widen(
              result - firstSum, lane: lane,
              to: allCalls[position].changedRows(operands, of: views[result]), views[result])
            allCalls[position].add(operands, to: views[result])
          }
        }
        first += count
      }
    }
  }
}

extension RowTask {
  /// The scalars of memory for the sums of all lanes.
  var sumScratchCount: Int { partialSums.scratchCount }

  /// Adds up the sums of all lanes, after these have been worked through.
  func addSums(_ all: UnsafePointer<ValueView>, _ memory: UnsafeMutablePointer<Scalar>) {
    for (number, sum) in sums.enumerated() { partialSums.finish(number, all[sum.value], memory) }
  }
}

/// Values in the order in which they were first asked for.
private struct Numbering {
  private(set) var values: [Int] = []
  private var numbers: [Int: Int] = [:]

  mutating func number(of value: Int) -> Int {
    if let known = numbers[value] { return known }
    numbers[value] = values.count
    values.append(value)
    return values.count - 1
  }
}
